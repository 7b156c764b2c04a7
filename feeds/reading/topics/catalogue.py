"""The topics a subscriber can follow; the database's rows and the classifier both come from this one list."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """A topic as the site names and describes it; `slug` is its address and never changes."""

    slug: str
    name: str
    description: str


TOPICS: tuple[TopicSpec, ...] = (
    TopicSpec(
        "artificial-intelligence",
        "Artificial intelligence",
        "Language models, machine learning and agents: how they are built, what they can do and what they change.",
    ),
    TopicSpec(
        "software-engineering",
        "Software engineering",
        "How software is designed, written, tested, shipped and kept running, and the languages and tools for it.",
    ),
    TopicSpec(
        "open-source",
        "Open source",
        "Software shared under free licences: its maintainers, communities, funding and strategy.",
    ),
    TopicSpec(
        "startups",
        "Startups",
        "Founding a company and getting it off the ground: ideas, co-founders, first customers, venture capital.",
    ),
    TopicSpec(
        "product-growth",
        "Product & growth",
        "Finding what customers want, building it, pricing it, and winning and keeping users.",
    ),
    TopicSpec(
        "leadership-careers",
        "Leadership & careers",
        "Leading people, hiring, teams and company culture, and making one's way in working life.",
    ),
    TopicSpec(
        "business-strategy",
        "Business strategy",
        "Why companies win or lose: competition, business models, moats, costs, distribution, deals.",
    ),
    TopicSpec(
        "investing-markets",
        "Investing & markets",
        "Stocks, bonds, funds and portfolios: valuations, returns, risk and how investors decide.",
    ),
    TopicSpec(
        "crypto",
        "Crypto",
        "Bitcoin, blockchains and digital money: protocols, wallets, mining, exchanges and the case for or against.",
    ),
    TopicSpec(
        "economics",
        "Economics",
        "Incentives, prices, trade, jobs, inflation, growth and the policies that move them.",
    ),
    TopicSpec(
        "geopolitics",
        "Geopolitics",
        "Rivalry and alliances between states: war, defence, diplomacy, sanctions and supply chains.",
    ),
    TopicSpec(
        "law-policy",
        "Law & policy",
        "Laws, courts, regulators, elections and government programmes, and what they bring about.",
    ),
    TopicSpec(
        "security-privacy",
        "Security & privacy",
        "Hackers and defenders, malware, encryption, fraud, surveillance and the protection of personal data.",
    ),
    TopicSpec(
        "science",
        "Science",
        "Physics, biology, chemistry, space and mathematics: discoveries, and how research comes to know.",
    ),
    TopicSpec(
        "health-medicine",
        "Health & medicine",
        "The body, disease and treatment, nutrition, sleep, exercise and how health care works.",
    ),
    TopicSpec(
        "psychology-mind",
        "Psychology & mind",
        "Thinking, emotion, motivation, habits, relationships and the brain behind them.",
    ),
    TopicSpec(
        "productivity",
        "Productivity",
        "Getting the right things done: time, focus, planning, habits, notes and working methods.",
    ),
    TopicSpec(
        "education",
        "Education",
        "Learning and teaching, from children in school to universities and adults acquiring a skill.",
    ),
    TopicSpec(
        "climate-energy",
        "Climate & energy",
        "The changing climate, and how energy is produced, stored, moved and paid for.",
    ),
    TopicSpec(
        "hardware-robotics",
        "Hardware & robotics",
        "Chips, devices, robots, vehicles and factories: making physical things work.",
    ),
    TopicSpec(
        "design",
        "Design",
        "How products, interfaces, spaces and graphics are shaped for the people who use them.",
    ),
    TopicSpec(
        "media-culture",
        "Media & culture",
        "News, film, music, games, books, advertising and the internet's ways of telling stories.",
    ),
    TopicSpec(
        "history",
        "History",
        "Events and people of the past, and what they explain about the present.",
    ),
    TopicSpec(
        "society",
        "Society",
        "How people live together: family, community, inequality, religion, migration, cities and norms.",
    ),
)
