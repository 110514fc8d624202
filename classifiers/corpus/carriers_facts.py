"""Slot tables: invented people, companies, places, amounts. Attacks and twins draw from the same tables."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

FIRST: Final = {
    "en": "Alice Brian Chloe Daniel Erin Felix Grace Harold Imogen Jack Katrina Leon Maya Nathan Olive Peter Quinn Rosa Simon "
    "Tessa Umar Vera Walter Yasmin Zoe Aisha Bogdan Carmen Dmitri Elena Farid Giulia Hiro Ingrid Jorge Kofi Lena Mateo",
    "de": "Anke Bernd Claudia Dieter Eva Frank Gisela Holger Jana Karsten Lotte Markus Nadine Oskar Petra Stefan Ute Volker",
    "fr": "Amélie Bruno Camille Denis Élodie Franck Gaëlle Hugo Inès Julien Karine Léo Manon Nicolas Odile Pascal Solène",
    "es": "Alba Bruno Celia Diego Elisa Fermín Gloria Hernán Inés Javier Lucía Marcos Noelia Óscar Pilar Raúl Teresa",
    "pt": "Ana Bernardo Catarina Duarte Eduarda Filipe Glória Henrique Isabel João Larissa Miguel Natália Otávio Rita Tiago",
    "it": "Alessia Bruno Chiara Davide Elisa Fabio Giada Ivano Lucia Marco Noemi Ornella Paolo Rita Silvio Valeria",
    "nl": "Anouk Bram Carlijn Daan Eline Floris Gijs Hanneke Iris Jeroen Katrien Lars Marieke Niels Sanne Teun",
    "pl": "Agata Bartosz Celina Damian Ewa Filip Grażyna Hubert Iwona Jacek Kinga Lech Magda Norbert Oliwia Piotr",
    "ru": "Анна Борис Вера Глеб Дарья Егор Жанна Иван Ксения Леонид Марина Никита Ольга Павел Светлана Тимур",
    "tr": "Ahmet Burcu Cem Derya Emre Fatma Gökhan Hülya İrem Kaan Leyla Murat Nazlı Onur Pınar Selim",
    "ar": "أحمد بسمة جمال دينا رامي زينب سامي شيماء طارق عمر فاطمة كريم ليلى محمود نور هند يوسف",
    "hi": "आरती भरत चित्रा दीपक एकता गौरव हेमा ईशान जया किरण लता मनोज नेहा पंकज रेखा संजय",
    "hi-Latn": "Aarti Bharat Chitra Deepak Ekta Gaurav Hema Ishaan Jaya Kiran Lata Manoj Neha Pankaj Rekha Sanjay",
    "zh": "伟 芳 娜 敏 静 丽 强 磊 洋 艳 勇 杰 涛 明 霞 军",
    "ja": "葵 健太 美咲 翔 結衣 大輔 陽子 直樹 彩 浩 恵 拓也 由美 誠",
    "ko": "민준 서연 지훈 하은 도윤 수빈 예준 지우 현우 채원 성호 유진",
    "vi": "An Bình Chi Dũng Hà Hùng Lan Linh Minh Nam Ngọc Phúc Quân Thảo Trang Tuấn",
    "id": "Adi Bayu Citra Dewi Eko Fitri Gilang Hana Indra Joko Kartika Lestari Made Nina Putri Rizky",
}
LAST: Final = {
    "en": "Abbott Barlow Castellan Drummond Eastman Fairley Gorman Haldane Ibbotson Jessop Kendrick Lomax Merriman "
    "Norcross Oakes Pemberton Quayle Rutledge Satterly Thorne Underhill Vance Whitlock Yardley Okafor Novak Petrov "
    "Tanaka Mendes Larsen Duarte",
    "de": "Albrecht Brandt Dornfeld Eckert Fuhrmann Grabow Hartwig Jansen Kessler Lindner Möbius Petersen Rademacher Sommer",
    "fr": "Aubert Blanchard Chevalier Delmas Fabre Garnier Hamon Joubert Lacroix Marchand Perrin Renaud Tessier Vasseur",
    "es": "Aranda Bermúdez Cabrera Delgado Escribano Fuentes Gallego Herrero Ibarra Lozano Montero Navas Prieto Salas",
    "pt": "Almeida Barros Cardoso Esteves Fonseca Guimarães Leal Matos Nogueira Pacheco Queirós Ramos Tavares Vidal",
    "it": "Amato Bellini Caruso Donati Ferraro Gentile Leone Marchetti Neri Palumbo Riva Santoro Testa Vitali",
    "nl": "Aalbers Bakker Dekker Evers Geurts Hoekstra Jonker Kuipers Meijer Postma Smit Verbeek Visser Wouters",
    "pl": "Adamczyk Bielak Czarnecka Dudek Gajda Jarosz Kubiak Lis Mazur Nowicka Pawlak Rutkowski Sikora Wrona",
    "ru": "Абрамова Белов Громов Ершова Зайцев Комаров Лаптева Миронов Орлова Рыбаков Соколова Титов",
    "tr": "Aksoy Bulut Çetin Doğan Erdem Güneş Kaplan Korkmaz Öztürk Polat Şahin Tekin Yavuz",
    "ar": "الحداد البكري الشامي المصري القاسم النجار الخطيب الزهراني العلي الرفاعي",
    "hi-Latn": "Sharma Verma Gupta Chauhan Mishra Tripathi Patel Joshi Yadav Kulkarni",
    "hi": "शर्मा वर्मा गुप्ता चौहान मिश्रा त्रिपाठी पटेल जोशी यादव कुलकर्णी",
    "zh": "王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙",
    "ja": "佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤",
    "ko": "김 이 박 최 정 강 조 윤 장 임",
    "vi": "Nguyễn Trần Lê Phạm Hoàng Vũ Đặng Bùi Đỗ Hồ",
    "id": "Santoso Wijaya Hidayat Nugroho Saputra Siregar Pratama Halim Kusuma Utami",
}
STEMS: Final = (
    "northgate harborline bluefern castell ovida trellis quarrymoor pinewell sundial arbour kestrel lumora fenwick halden "
    "tamarisk oakridge velora mirador brightmere solvane tarnhill copperleaf dunmore everlay fjordline grovepoint helix"
).split()
TAILS: Final = (
    "Ltd GmbH Inc Group Logistics Foods Labs Insurance Travel Systems Consulting Books Clinic Energy Bank".split()
)
TLDS: Final = "com net org io co.uk de fr eu example shop info app".split()
PRODUCTS: Final = (
    "standing desk|cordless drill|rain jacket|espresso machine|label printer|USB-C dock|camping stove|baby monitor|city bike|"
    "water filter|noise-cancelling headphones|office chair|air fryer|thermal camera|e-reader|garden hose|robot vacuum|router|"
    "running shoes|backpack|tablet stand|heat pump|solar panel|pressure washer|hearing aid|sleeping bag|dash cam|mixer"
).split("|")
CITIES: Final = (
    "Leeds Porto Ghent Turin Gdansk Lyon Bergen Graz Seville Izmir Cairo Pune Osaka Busan Hue Bandung Austin Toronto Perth "
    "Malmö Zürich Recife Lima Nairobi Chengdu Utrecht Tallinn Cork Basel Bilbao"
).split()
CITIES_IN: Final = {
    "ru": "Казань Тверь Пермь Омск Самара Тула Псков Вологда Томск Рязань",
    "ar": "القاهرة عمّان تونس بيروت مسقط الدوحة فاس حلب الرباط طنطا",
    "hi": "जयपुर पटना भोपाल नागपुर सूरत इंदौर लखनऊ मैसूर रायपुर",
    "hi-Latn": "Jaipur Patna Bhopal Nagpur Surat Indore Lucknow Mysuru Raipur",
    "zh": "成都 杭州 南京 青岛 苏州 厦门 长沙 西安 昆明",
    "ja": "仙台 札幌 神戸 金沢 松山 長野 広島 奈良 盛岡",
    "ko": "부산 대구 인천 대전 광주 전주 춘천 강릉 제주",
}
"""Towns in the script of the language, where it is not the Latin one."""
WORDS: Final = (
    "maple lantern copper otter velvet compass granite thistle marble willow saffron anchor harvest comet pepper walnut "
    "violet pelican juniper cobalt meadow tundra clover falcon orchid ember quartz basil"
).split()
TOPICS: Final = (
    "tides|beekeeping|the history of tea|volcanoes|chess openings|sourdough bread|tram networks|comets|medieval bridges|orchids|"
    "jazz pianos|glass making|desert foxes|lighthouses|sailing knots|coral reefs|paper folding|wind turbines|alpine plants|"
    "roman roads|crossword puzzles|old maps|penguins|cheese making|bicycles|the moon landing|fairy tales|knitting"
).split("|")
LANGUAGES: Final = (
    "French German Spanish Finnish Swahili Latin Japanese Turkish Italian Welsh Hindi Polish Korean Greek".split()
)
PLACES: Final = (
    "Peru Mongolia Finland Kenya Chile Nepal Portugal Ghana Iceland Laos Bolivia Oman Malta Togo Fiji".split()
)
FORMATS: Final = (
    "poem|haiku|limerick|short story|song|speech|joke|riddle|list of ten facts|slogan|letter|recipe|essay".split("|")
)
MONTHS: Final = "January February March April May June July August September October November December".split()
DAYS: Final = "Monday Tuesday Wednesday Thursday Friday".split()
TABLES: Final = (
    "orders customers invoices tickets users payments shipments bookings employees products sessions".split()
)
FILES: Final = (
    "report notes budget minutes contract roadmap backup invoice photos config summary survey export draft".split()
)
EXTS: Final = "pdf docx xlsx txt md csv json png zip yaml".split()


def _name(rng: random.Random, first: str, last: str, lang: str) -> str:
    if lang in ("zh", "ko"):
        return last + first + (rng.choice(FIRST["zh"].split()) if lang == "zh" else "")
    return f"{last} {first}" if lang in ("ja", "vi") else f"{first} {last}"


def _domain(rng: random.Random) -> str:
    return f"{rng.choice(STEMS)}{rng.choice(['', '-' + rng.choice(WORDS), rng.choice(WORDS), '-online'])}.{rng.choice(TLDS)}"


def _date(rng: random.Random, lang: str) -> str:
    year, month, day = rng.randint(2021, 2026), rng.randint(1, 12), rng.randint(1, 28)
    if lang == "en":
        return rng.choice(
            [f"{day} {MONTHS[month - 1]} {year}", f"{year}-{month:02}-{day:02}", f"{MONTHS[month - 1]} {day}"]
        )
    if lang in ("zh", "ja"):
        return f"{year}年{month}月{day}日"
    return f"{day:02}.{month:02}.{year}" if lang in ("de", "pl", "ru", "tr") else f"{day:02}/{month:02}/{year}"


def _amount(rng: random.Random, lang: str) -> str:
    number = rng.choice([rng.randint(5, 99), rng.randint(100, 950), rng.randint(10, 99) * 100])
    sign = {
        "zh": "¥{}",
        "ja": "{}円",
        "ko": "{}원",
        "hi": "₹{}",
        "hi-Latn": "Rs {}",
        "vi": "{}.000 đ",
        "ru": "{} руб.",
        "tr": "{} TL",
        "pl": "{} zł",
        "id": "Rp{}.000",
    }
    return sign.get(lang, rng.choice(["€{}", "{} EUR", "${}", "£{}"])).format(number)


def _digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


POOLS: Final[dict[str, Callable[[random.Random, str, str, str], str]]] = {
    "person": _name,
    "first": lambda rng, first, last, lang: first,
    "last": lambda rng, first, last, lang: last,
    "company": lambda rng, f, last, g: f"{rng.choice(STEMS).title()} {rng.choice(TAILS)}",
    "domain": lambda rng, f, last, g: _domain(rng),
    "email": lambda rng, f, last, g: (
        f"{rng.choice(['info', 'office', 'hr', 'archive', 'team', rng.choice(WORDS), rng.choice(FIRST['en'].split()).lower()])}"
        f"{rng.choice(['', '.' + rng.choice(WORDS), _digits(rng, 2)])}@{_domain(rng)}"
    ),
    "url": lambda rng, f, last, g: (
        f"https://{rng.choice(['', 'www.', 'app.', 'docs.'])}{_domain(rng)}/"
        f"{rng.choice(['start', 'r/' + _digits(rng, 4), 'help', 'p/' + rng.choice(WORDS), 'form', 'collect', 'login', 'track'])}"
    ),
    "date": lambda rng, f, last, g: _date(rng, g),
    "time": lambda rng, f, last, g: f"{rng.randint(7, 20)}:{rng.choice(['00', '15', '30', '45'])}",
    "amount": lambda rng, f, last, g: _amount(rng, g),
    "product": lambda rng, f, last, g: rng.choice(PRODUCTS),
    "city": lambda rng, f, last, g: rng.choice(CITIES_IN[g].split() if g in CITIES_IN else CITIES),
    "word": lambda rng, f, last, g: rng.choice(WORDS),
    "code": lambda rng, f, last, g: f"{rng.choice(WORDS).upper()}-{_digits(rng, 3)}",
    "topic": lambda rng, f, last, g: rng.choice(TOPICS),
    "language": lambda rng, f, last, g: rng.choice(LANGUAGES),
    "country": lambda rng, f, last, g: rng.choice(PLACES),
    "format": lambda rng, f, last, g: rng.choice(FORMATS),
    "day": lambda rng, f, last, g: rng.choice(DAYS),
    "month": lambda rng, f, last, g: rng.choice(MONTHS),
    "n": lambda rng, f, last, g: str(rng.randint(2, 48)),
    "big": lambda rng, f, last, g: str(rng.randint(120, 9800)),
    "percent": lambda rng, f, last, g: f"{rng.randint(2, 78)}%",
    "phone": lambda rng, f, last, g: f"+{rng.randint(30, 98)} {_digits(rng, 3)} {_digits(rng, 6)}",
    "iban": lambda rng, f, last, g: (
        f"{rng.choice(['DE', 'FR', 'ES', 'NL', 'PL'])}{_digits(rng, 2)} {_digits(rng, 4)} {_digits(rng, 4)}"
    ),
    "id": lambda rng, f, last, g: f"{rng.choice('ABCKMRTX')}{_digits(rng, 5)}",
    "ip": lambda rng, f, last, g: f"10.{rng.randint(0, 254)}.{rng.randint(0, 254)}.{rng.randint(1, 254)}",
    "path": lambda rng, f, last, g: (
        f"/{rng.choice(['home', 'srv', 'data', 'mnt/share'])}/{rng.choice(WORDS)}/{rng.choice(FILES)}"
    ),
    "file": lambda rng, f, last, g: f"{rng.choice(FILES)}_{rng.randint(1, 31)}.{rng.choice(EXTS)}",
    "table": lambda rng, f, last, g: rng.choice(TABLES),
    "version": lambda rng, f, last, g: f"{rng.randint(0, 6)}.{rng.randint(0, 19)}.{rng.randint(0, 9)}",
    "hex": lambda rng, f, last, g: f"{rng.getrandbits(40):010x}",
}
"""Slot name to its drawer: (generator, first name, last name, language) -> value."""


def draw(rng: random.Random, name: str, first: str, last: str, lang: str) -> str:
    """One value for a slot. KeyError: no such slot."""
    return POOLS[name](rng, first, last, lang)
