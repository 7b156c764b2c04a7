from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# As the catalogue stood when the table was made: a later topic comes by a migration of its own.
TOPICS = [
    (
        "artificial-intelligence",
        "Artificial intelligence",
        "Language models, machine learning and agents: how they are built, what they can do and what they change.",
    ),
    (
        "software-engineering",
        "Software engineering",
        "How software is designed, written, tested, shipped and kept running, and the languages and tools for it.",
    ),
    (
        "open-source",
        "Open source",
        "Software shared under free licences: its maintainers, communities, funding and strategy.",
    ),
    (
        "startups",
        "Startups",
        "Founding a company and getting it off the ground: ideas, co-founders, first customers, venture capital.",
    ),
    (
        "product-growth",
        "Product & growth",
        "Finding what customers want, building it, pricing it, and winning and keeping users.",
    ),
    (
        "leadership-careers",
        "Leadership & careers",
        "Leading people, hiring, teams and company culture, and making one's way in working life.",
    ),
    (
        "business-strategy",
        "Business strategy",
        "Why companies win or lose: competition, business models, moats, costs, distribution, deals.",
    ),
    (
        "investing-markets",
        "Investing & markets",
        "Stocks, bonds, funds and portfolios: valuations, returns, risk and how investors decide.",
    ),
    (
        "crypto",
        "Crypto",
        "Bitcoin, blockchains and digital money: protocols, wallets, mining, exchanges and the case for or against.",
    ),
    (
        "economics",
        "Economics",
        "Incentives, prices, trade, jobs, inflation, growth and the policies that move them.",
    ),
    (
        "geopolitics",
        "Geopolitics",
        "Rivalry and alliances between states: war, defence, diplomacy, sanctions and supply chains.",
    ),
    (
        "law-policy",
        "Law & policy",
        "Laws, courts, regulators, elections and government programmes, and what they bring about.",
    ),
    (
        "security-privacy",
        "Security & privacy",
        "Hackers and defenders, malware, encryption, fraud, surveillance and the protection of personal data.",
    ),
    (
        "science",
        "Science",
        "Physics, biology, chemistry, space and mathematics: discoveries, and how research comes to know.",
    ),
    (
        "health-medicine",
        "Health & medicine",
        "The body, disease and treatment, nutrition, sleep, exercise and how health care works.",
    ),
    (
        "psychology-mind",
        "Psychology & mind",
        "Thinking, emotion, motivation, habits, relationships and the brain behind them.",
    ),
    (
        "productivity",
        "Productivity",
        "Getting the right things done: time, focus, planning, habits, notes and working methods.",
    ),
    (
        "education",
        "Education",
        "Learning and teaching, from children in school to universities and adults acquiring a skill.",
    ),
    (
        "climate-energy",
        "Climate & energy",
        "The changing climate, and how energy is produced, stored, moved and paid for.",
    ),
    (
        "hardware-robotics",
        "Hardware & robotics",
        "Chips, devices, robots, vehicles and factories: making physical things work.",
    ),
    (
        "design",
        "Design",
        "How products, interfaces, spaces and graphics are shaped for the people who use them.",
    ),
    (
        "media-culture",
        "Media & culture",
        "News, film, music, games, books, advertising and the internet's ways of telling stories.",
    ),
    (
        "history",
        "History",
        "Events and people of the past, and what they explain about the present.",
    ),
    (
        "society",
        "Society",
        "How people live together: family, community, inequality, religion, migration, cities and norms.",
    ),
]


def add_topics(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    topics = apps.get_model("feeds", "Topic").objects
    for position, (slug, name, description) in enumerate(TOPICS):
        row = {"name": name, "description": description, "position": position}
        topics.update_or_create(slug=slug, defaults=row)


class Migration(migrations.Migration):
    dependencies = [("feeds", "0001_initial")]

    operations = [migrations.RunPython(add_topics, migrations.RunPython.noop)]
