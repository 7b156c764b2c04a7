FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN useradd --create-home --uid 1000 overheard && install -d -o overheard -g overheard /app /app/var
WORKDIR /app

COPY requirements.txt .
RUN pip install --no-deps --require-hashes -r requirements.txt
COPY --chown=overheard:overheard . .

USER overheard
ENV HOST=0.0.0.0
EXPOSE 8000
CMD ["gunicorn", "-c", "config/gunicorn.py", "config.wsgi"]
