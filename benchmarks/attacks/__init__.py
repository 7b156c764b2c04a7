"""What strangers try, against the site as gunicorn serves it; over loopback alone, and so often and no oftener."""
