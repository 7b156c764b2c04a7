"""Words and phrases that speak for a topic, chosen by hand: what the classifier knows before it has seen an example.

Single words match whole words and their plural; a trailing * matches any ending.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from feeds.reading.topics.catalogue import TopicSpec

_LISTS: dict[str, str] = {
    "artificial-intelligence": """
        ai, artificial intelligence, llm, language model, machine learning, deep learning, neural net*, gpt,
        chatgpt, openai, anthropic, claude, gemini, deepseek, llama, transformer, chatbot, copilot, agentic,
        ai agent, training data, fine-tun*, prompt*, inference, embedding, reinforcement learning,
        computer vision, generative, hallucinat*, benchmark, reasoning model, foundation model, frontier model,
        agi, superintelligence, tokens, context window, retrieval-augmented, rag, nlp, speech recognition,
        image generation, diffusion model, data scientist, dataset, classifier, algorithm, speech-to-text,
        pre-training, pretraining, gpu""",
    "software-engineering": """
        software, code, coding, codebase, programmer, programming, developer, engineer, engineering, api,
        refactor*, compiler, database, sql, postgres, python, rust, golang, javascript, typescript, java, ruby,
        rails, django, react, frontend, backend, framework, library, git, pull request, code review, unit test,
        test suite, testing, bug, debug*, deploy*, devops, kubernetes, docker, container, microservice, monolith,
        cloud, server, serverless, latency, architecture, legacy, technical debt, type system, static typing,
        concurrency, async, production, outage, observability, continuous integration, ide, editor, terminal,
        repository, package manager, dependency, dependencies, web app, function, runtime, memory leak""",
    "open-source": """
        open source, open-source*, oss, maintainer, contributor, github, gitlab, linux, gpl, apache license,
        mit license, free software, licence, license, fork, foundation, upstream, community project,
        pull request, open core, open weights, open-weight*, wikipedia, mozilla, debian, source-available,
        bounty""",
    "startups": """
        startup, start-up, founder, cofounder, co-founder, entrepreneur*, seed, series a, venture capital, vc,
        y combinator, accelerator, pitch*, fundrais*, bootstrap*, runway, angel investor, pre-seed, term sheet,
        early-stage, pivot, first customer, incorporate, side project, solo founder, indie hacker, exit,
        acquisition, raise money, raised, valuation, scale-up, incubator, small business, launch*, burn rate""",
    "product-growth": """
        product, product manager, growth, retention, churn, activation, onboarding, user research, customer,
        pricing, price, freemium, free trial, conversion, funnel, acquisition, marketing, seo, a/b test*,
        experiment, roadmap, feature, product-market fit, persona, user, landing page, sales, go-to-market,
        brand, advertis*, virality, viral, referral, newsletter, audience, positioning, messaging,
        customer interview, metric, saas, subscription, mvp, distribution, upsell, customer support,
        content marketing, word of mouth""",
    "leadership-careers": """
        leader, leadership, manager, management, ceo, hiring, hire*, recruit*, interview*, team, culture, career,
        promotion, job, employee, boss, mentor*, feedback, delegate, delegat*, remote work, meeting, one-on-one,
        fire*, layoff, burnout, executive, coach*, onboarding, compensation, salary, resume, work-life,
        colleague, staff, performance review, org chart, accountability, trust, quit, freelanc*, sabbatical,
        junior, senior, workplace""",
    "business-strategy": """
        strategy, strategic, business model, competit*, moat, margin, revenue, profit, market share, monopoly,
        supplier, distribution, network effect, platform, incumbent, disrupt*, acquisition, merger, partnership,
        retailer, brand, enterprise, franchise, vertical integration, economies of scale, unit economics,
        cost structure, licensing, commodit*, differentiat*, customer, cash flow, negotiat*, supply chain,
        industry, outsourc*, subscription, manufactur*, wholesale, bargaining power, switching cost, lock-in,
        bundl*, loss leader""",
    "investing-markets": """
        invest*, investor, stock, bond, portfolio, hedge fund, equity, equities, shares, valuation, dividend,
        etf, index fund, return, yield, volatility, diversif*, asset, wall street, s&p, nasdaq, bull market,
        bear market, recession, trader, trading, short sell*, options, private equity, venture, earnings,
        multiple, value stock, growth stock, momentum, drawdown, buffett, benchmark, factor, ipo, market cap,
        rebalanc*, retirement, interest rate, fund manager, alpha, small cap, price-to-earnings, buyback,
        free cash flow, capital""",
    "crypto": """
        bitcoin, btc, crypto*, blockchain, ethereum, ether, lightning network, lightning, satoshi, miner, mining,
        wallet, stablecoin, defi, token, nft, exchange, coinbase, private key, cold storage, custody, hash rate,
        hashrate, halving, mempool, utxo, multisig, taproot, schnorr, smart contract, node, proof of work,
        proof of stake, altcoin, sidechain, soft fork, hard fork, segwit, full node, block size, seed phrase,
        on-chain, off-chain, payment channel, hodl, dapp, web3, digital currency, block reward, transaction fee,
        coinjoin""",
    "economics": """
        econom*, inflation, gdp, unemployment, wage, labor market, labour market, central bank, federal reserve,
        the fed, interest rate, trade, tariff, tax, taxes, subsid*, incentive, price, supply and demand,
        monetary, fiscal, deficit, debt, productivity, recession, growth, poverty, minimum wage, money supply,
        currency, dollar, export*, import*, consumer, scarcity, market failure, externalit*, housing, rent,
        insurance, inequality, purchasing power, bank, money, stimulus, cost of living, game theory, auction,
        capitalism""",
    "geopolitics": """
        geopolitic*, china, chinese, russia*, ukraine, taiwan, iran, israel, nato, war, military, army, defense,
        defence, sanction, diplomac*, diplomat*, foreign policy, nuclear weapon, missile, alliance, sovereign*,
        beijing, moscow, kremlin, pentagon, empire, border, europe, european union, middle east, export control,
        national security, invasion, superpower, cold war, soviet, north korea, india, africa, cartel, regime,
        embargo, spy, espionage, drone""",
    "law-policy": """
        law, legal, lawsuit, court, judge, supreme court, regulat*, regulator, congress, senate, legislation,
        legislat*, policy, government, antitrust, copyright, patent, ftc, sec, fda, constitution*, amendment,
        bill, tax code, licens*, compliance, lobby*, election, vote, prosecutor, police, prison, crime, criminal,
        sue, sued, liability, contract, federal, agency, president, jury, ban, banned, mandate, gdpr,
        intellectual property, attorney, lawyer, statute, immigration, public defender, state law, deregulat*""",
    "security-privacy": """
        security, hack*, malware, ransomware, phishing, encrypt*, password, breach*, vulnerab*, exploit*,
        zero-day, attacker, privacy, surveillance, tracking, personal data, botnet, spyware, threat, fraud, scam,
        identity theft, two-factor, authentication, firewall, private key, cryptograph*, backdoor, cyber*,
        credential, patch, nation-state, data leak, anonym*, vpn, tor, sandbox, multisig, hardware wallet,
        penetration test*, infosec, stalk*, deepfake, attack surface, supply chain attack, location data,
        facial recognition, adversar*""",
    "science": """
        science, scientist, scientific, physics, biology, chemistry, experiment, researcher, research, study,
        laboratory, evolution, gene, genes, genetic*, dna, cell, species, quantum, particle, universe, galaxy,
        astronom*, planet, space, nasa, telescope, molecule, protein, bacteria, mathematic*, theorem, hypothesis,
        fossil, brain, neuron, neuroscience, animal, insect, ocean, atom, gravity, virus, ecosystem, peer review,
        statistic*, crispr, chemical, dopamine, evolutionary, organism, nobel, earthquake, biolog*, hormone""",
    "health-medicine": """
        health*, medicine, medical, doctor, physician, patient, hospital, disease, cancer, drug, clinical trial,
        diet, nutrition, sleep, exercise, obes*, diabetes, insulin, heart, cholesterol, vaccine, surgery,
        therapy, treatment, diagnos*, symptom, mental health, depression, anxiety, hormone, testosterone,
        cortisol, pregnan*, insurance, pharma*, fda, gut, microbiome, protein, calorie, weight loss, aging,
        longevity, dementia, alzheimer*, pain, infection, antibiotic, blood, caffeine, light exposure, breathing,
        supplement, muscle, food, immune, stroke""",
    "psychology-mind": """
        psycholog*, mind, brain, emotion*, fear, anxiety, habit, motivation, bias, cognitive, behavior*,
        behaviour*, memory, attention, therapy, therapist, identity, happiness, stress, self-*, ego,
        relationship, personality, trauma, shame, guilt, dopamine, willpower, mindset, perception,
        decision-making, intuition, empathy, feelings, confidence, grief, love, meditation, mindful*,
        procrastinat*, perfectionis*, subconscious, imposter, validation, attachment, anger, regret, beliefs,
        burnout, meaning, neurodivergen*, adhd, creativity""",
    "productivity": """
        productiv*, time management, calendar, to-do, todo, task, focus, deep work, distraction, routine, habit,
        note-taking, notes, planning, planner, prioriti*, email, inbox, meeting, workflow, schedule, deadline,
        procrastinat*, system, morning, weekly review, goal, checklist, automat*, journaling, journal, burnout,
        time block*, interruptions, pomodoro, multitask*, getting things done, gtd, energy, yearly theme,
        time tracking""",
    "education": """
        education*, school, teacher, teach*, student, university, universities, college, learn*, curriculum,
        classroom, course, tutor*, degree, homework, kids, children, bootcamp, training, exam, test scores,
        literacy, math class, academic, phd, professor, graduate, lecture, textbook, beginner, kindergarten,
        campus, tuition, self-taught, practice, skill, apprentice*, pedagog*, parents""",
    "climate-energy": """
        climate, carbon, emission, energy, electricity, grid, solar, wind, nuclear, reactor, battery, batteries,
        oil, gas, coal, fossil fuel, renewable*, greenhouse, warming, power plant, hydrogen, fusion, fission,
        electric vehicle, ev, utility, utilities, megawatt, gigawatt, pipeline, fracking, methane, sustainab*,
        recycl*, drought, wildfire, water, flood, farm*, environment*, pollution, plastic, organic, tesla,
        heat pump, decarboni*, uranium, lithium""",
    "hardware-robotics": """
        hardware, robot*, chip, semiconductor, nvidia, tsmc, intel, gpu, cpu, processor, sensor, drone,
        autonomous, self-driving, lidar, factory, manufactur*, device, smartphone, iphone, electronics, circuit,
        fpga, asic, 3d print*, battery, humanoid, actuator, rocket, spacex, satellite, wafer, foundry, tesla,
        vehicle, engine, machine, server, data center, memory chip, firmware, embedded, raspberry pi, arduino,
        camera, wearable, headset, supercomputer, tpu, robotaxi""",
    "design": """
        design, designer, interface, user interface, user experience, ux, ui, typograph*, font, layout,
        aesthetic*, visual, prototype, wireframe, figma, usability, accessibility, color, colour, logo, brand,
        packaging, architect, icon, graphic, affordance, css, design system, illustrat*, animation, craft, taste,
        beautiful, user-friendly, interaction, ergonomic*, landing page, whitespace, mockup, intuitive,
        user testing, app""",
    "media-culture": """
        media, news*, journalis*, film, movie, hollywood, television, tv, music, musician, artist, art, book,
        author, novel, podcast*, youtube, tiktok, instagram, twitter, social media, influencer, creator,
        celebrity, fashion, game, gaming, advertis*, streaming, netflix, spotify, story, storytell*, audience,
        culture, cultural, meme, magazine, newspaper, broadcast, radio, comedy, comedian, theater, theatre,
        publish*, hip hop, song, content, viral, sport, language""",
    "history": """
        history, historical*, historian, century, centuries, ancient, war, empire, revolution*, medieval,
        world war, 1800s, 1900s, 19th, 18th, 20th, soviet, decades ago, invented, king, roman, rome, colonial*,
        slave*, depression, civil rights, archive, archaeolog*, nineteenth, eighteenth, dynasty, pioneer*,
        early days, great depression, founding fathers, industrial revolution, 1920s, 1930s, 1940s, 1950s, 1960s,
        1970s, 1980s, 1990s""",
    "society": """
        society, social, community, communities, family, families, marriage, parent, parents, children, women,
        men, gender, race, racial, racism, black, religion, religious, church, faith, immigra*, migra*, refugee,
        inequality, class, poverty, poor, rich, city, cities, urban, rural, neighborhood, housing, homeless*,
        crime, police, prison, democracy, politic*, trust, loneliness, friend, friendship, norms, identity,
        generation, elderly, aging, birth rate, fertility, lgbt*, gay, trans, justice, discriminat*, diversity,
        inclusion, people, public, citizens""",
}

LISTED: dict[str, tuple[str, ...]] = {
    slug: tuple(" ".join(term.split()) for term in terms.split(",")) for slug, terms in _LISTS.items()
}
# What a sentence is held together by, and how descriptions of topics are worded: no sign of any topic.
_TELLS_NOTHING = """
    a about across against all an and any are around as at be because become been behind being between both but by
    can come do each every for from get go has have how in into is it its itself make makes making may more most new
    not of off on one or other others out over own said than that the their them they thing things this those through
    to today up use used using was way ways what when where which who whom why will with without"""


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of the vocabulary; the same words under two topics are two terms."""

    slug: str
    text: str

    @property
    def plain(self) -> str:
        return self.text.rstrip("*")


@dataclass(frozen=True)
class Vocabulary:
    """The terms of these topics, in their order; a term's number is its place among them."""

    topics: tuple[TopicSpec, ...]

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        return tuple(Term(topic.slug, text) for topic in self.topics for text in terms_for(topic))

    @cached_property
    def rows(self) -> list[NDArray[np.intp]]:
        """The numbers of each topic's terms."""
        slugs = np.array([term.slug for term in self.terms])
        return [np.flatnonzero(slugs == topic.slug) for topic in self.topics]

    def said(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """1 where the text says the term: (n, terms)."""
        said = np.zeros((len(texts), len(self.terms)), dtype=np.float32)
        for row, text in enumerate(texts):
            said[row, list(self.terms_in(text))] = 1
        return said

    def terms_in(self, text: str) -> set[int]:
        """The numbers of the terms that the text says."""
        words = _words(text)
        found: set[int] = set()
        for start in range(len(words)):
            for length in range(1, min(self._longest, len(words) - start) + 1):
                found.update(self._terms_matching(" ".join(words[start : start + length])))
        return found

    def _terms_matching(self, phrase: str) -> Iterator[int]:
        for form in {phrase, phrase.removesuffix("'s"), phrase.removesuffix("s"), phrase.removesuffix("es")}:
            yield from self._whole.get(form, ())
        for end in range(2, len(phrase) + 1):
            yield from self._beginnings.get(phrase[:end], ())

    @cached_property
    def _whole(self) -> dict[str, tuple[int, ...]]:
        return _index(self.terms, beginnings=False)

    @cached_property
    def _beginnings(self) -> dict[str, tuple[int, ...]]:
        return _index(self.terms, beginnings=True)

    @cached_property
    def _longest(self) -> int:
        return max(len(term.text.split()) for term in self.terms)


def terms_for(topic: TopicSpec) -> tuple[str, ...]:
    """Those chosen by hand; for a topic that has none yet, its name and the telling words of its description."""
    return LISTED.get(topic.slug) or tuple(dict.fromkeys([" ".join(_words(topic.name)), *_telling_words(topic)]))


def _telling_words(topic: TopicSpec) -> list[str]:
    tells_nothing = set(_TELLS_NOTHING.split())
    return [word for word in _words(f"{topic.name} {topic.description}") if word not in tells_nothing]


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+(?:['&./-][a-z0-9]+)*", text.lower().replace("’", "'"))


def _index(terms: Sequence[Term], *, beginnings: bool) -> dict[str, tuple[int, ...]]:
    index: defaultdict[str, tuple[int, ...]] = defaultdict(tuple)
    for number, term in enumerate(terms):
        if term.text.endswith("*") == beginnings:
            index[term.plain] += (number,)
    return dict(index)
