import { families } from './family.ts'

/** What a Polish pharmacy sells without a prescription. Producers are invented. */
export const overTheCounter = families(`
leki.bol; Paracetamol; 500 mg, 1000 mg; 10 tabl., 20 tabl., 50 tabl.; 649; Polmedis, Galenika, Farmavit
leki.bol; Ibuprofen; 200 mg, 400 mg, 400 mg forte; 10 kaps., 20 kaps., 48 kaps.; 999; Polmedis, Medilab, Zdrowex
leki.bol; Kwas acetylosalicylowy; 300 mg, 500 mg; 10 tabl., 20 tabl.; 549; Galenika, Polmedis
leki.bol; Naproksen żel; 10%; 50 g, 100 g; 1599; Medilab, Zdrowex
leki.bol; Diklofenak żel; 1%, 2%; 50 g, 100 g, 150 g; 1899; Medilab, Galenika, Polmedis
leki.bol; Metamizol; 500 mg; 6 tabl., 12 tabl., 20 tabl.; 899; Galenika, Polmedis
leki.bol; Plaster rozgrzewający; z kapsaicyną, z mentolem; 2 szt., 5 szt.; 1299; Zdrowex, Herbaton
leki.bol.dzieci; Ibuprofen dla dzieci; 20 mg/ml, 40 mg/ml; 100 ml, 200 ml; 1799; Polmedis, Medilab
leki.bol.dzieci; Paracetamol czopki; 80 mg, 125 mg, 250 mg; 10 szt.; 1099; Galenika, Farmavit
leki.przeziebienie; Grypolek; hot cytrynowy, hot malinowy, forte; 8 sasz., 12 sasz.; 1899; Polmedis, Zdrowex
leki.przeziebienie; Rutozyd z witaminą C; , dla dzieci, forte; 60 tabl., 100 tabl., 150 tabl.; 999; Farmavit, Polmedis, Herbaton
leki.przeziebienie.kaszel; Syrop na kaszel; prawoślazowy, tymiankowy, z bluszczem, sosnowy; 125 ml, 200 ml; 1349; Herbaton, Biolipa, Galenika
leki.przeziebienie.kaszel; Ambroksol; 15 mg/5 ml, 30 mg/5 ml; 100 ml, 150 ml; 1549; Medilab, Polmedis
leki.przeziebienie.kaszel; Acetylocysteina; 200 mg, 600 mg; 10 tabl. mus., 20 tabl. mus.; 1699; Zdrowex, Medilab
leki.przeziebienie.kaszel; Pastylki do ssania; miodowe, szałwiowe, z porostem islandzkim; 16 szt., 24 szt.; 1499; Herbaton, Biolipa, Zdrowex
leki.przeziebienie.kaszel; Aerozol do gardła; z lidokainą, z chlorheksydyną; 20 ml, 30 ml; 2199; Medilab, Galenika
leki.przeziebienie.katar; Ksylometazolina; 0.05%, 0.1%; 10 ml; 1399; Polmedis, Medilab, Zdrowex
leki.przeziebienie.katar; Woda morska spray; izotoniczna, hipertoniczna, dla dzieci; 30 ml, 100 ml; 1699; Biolipa, Farmavit, Herbaton
leki.przeziebienie.katar; Pseudoefedryna; 60 mg; 12 tabl.; 1299; Galenika, Polmedis
leki.alergia; Cetyryzyna; 10 mg; 7 tabl., 10 tabl., 30 tabl.; 899; Medilab, Polmedis, Zdrowex
leki.alergia; Loratadyna; 10 mg; 10 tabl., 30 tabl., 60 tabl.; 799; Galenika, Polmedis
leki.alergia; Bilastyna; 10 mg, 20 mg; 10 tabl., 20 tabl.; 1999; Medilab, Zdrowex
leki.alergia; Wapno; pomarańczowe, malinowe, o smaku neutralnym; 16 tabl. mus., 20 tabl. mus.; 799; Farmavit, Polmedis
leki.trawienie; Węgiel aktywny; 200 mg, 300 mg; 20 kaps., 30 kaps.; 849; Galenika, Herbaton
leki.trawienie; Loperamid; 2 mg; 10 tabl., 20 kaps.; 1149; Polmedis, Medilab
leki.trawienie; Simetykon; 40 mg, 120 mg, krople; 25 kaps., 50 kaps.; 1549; Medilab, Zdrowex
leki.trawienie; Alugastryna zawiesina; miętowa, owocowa; 250 ml, 500 ml; 1899; Galenika, Polmedis
leki.trawienie; Ostropest; , forte; 30 kaps., 60 kaps.; 1999; Herbaton, Biolipa, Farmavit
leki.trawienie; Makrogol; 4 g, 10 g; 10 sasz., 20 sasz., 30 sasz.; 1999; Medilab, Galenika
leki.trawienie.probiotyki; Probiotyk; Baby krople, Junior, Max; 10 kaps., 20 kaps., 30 kaps.; 2399; Biolipa, Farmavit, Zdrowex
leki.skora; Maść cynkowa; , z witaminą A; 20 g, 30 g; 649; Galenika, Farmavit
leki.skora; Dekspantenol; 5%, pianka; 30 g, 100 g; 1799; Medilab, Biolipa, Galenika
leki.skora; Klotrimazol krem; 1%; 20 g, 30 g; 899; Polmedis, Galenika
leki.skora; Acyklowir krem; 5%; 2 g, 5 g; 1099; Medilab, Polmedis
leki.skora; Oktenidyna; płyn, żel; 50 ml, 250 ml; 2199; Medilab, Zdrowex
leki.zyly; Diosmina; 500 mg, 1000 mg; 30 tabl., 60 tabl.; 2299; Medilab, Polmedis, Zdrowex
leki.zyly; Escyna żel; , z heparyną; 40 g, 100 g; 1699; Herbaton, Galenika
leki.sen; Melatonina; 1 mg, 3 mg, 5 mg; 30 tabl., 60 tabl., 90 tabl.; 1299; Farmavit, Zdrowex, Polmedis
leki.sen; Waleriana; , forte, z melisą; 20 tabl., 60 tabl.; 1099; Herbaton, Biolipa
leki.sen; Magnez z melisą; ; 30 tabl., 60 tabl.; 1599; Herbaton, Farmavit
leki.palenie; Nikotyna gumy; 2 mg, 4 mg; 30 szt., 105 szt.; 3999; Medilab, Zdrowex`)

/** On prescription; the last table column but one is the whole price, reimbursement is drawn apart. */
export const prescription = families(`
recepta.serce; Bisoprolol; 1.25 mg, 2.5 mg, 5 mg, 10 mg; 30 tabl., 60 tabl.; 799; Polmedis, Medilab, Galenika
recepta.serce; Ramipryl; 2.5 mg, 5 mg, 10 mg; 28 tabl., 56 tabl.; 749; Polmedis, Medilab, Genera
recepta.serce; Amlodypina; 5 mg, 10 mg; 30 tabl., 60 tabl., 90 tabl.; 849; Genera, Polmedis, Medilab
recepta.serce; Peryndopryl; 4 mg, 8 mg; 30 tabl., 90 tabl.; 1249; Medilab, Genera
recepta.serce; Walsartan; 80 mg, 160 mg; 28 tabl., 56 tabl.; 1399; Genera, Polmedis, Galenika
recepta.serce; Telmisartan; 40 mg, 80 mg; 28 tabl., 84 tabl.; 1699; Medilab, Genera
recepta.serce; Nebiwolol; 5 mg; 28 tabl., 56 tabl., 98 tabl.; 1149; Genera, Polmedis
recepta.serce; Furosemid; 40 mg; 30 tabl.; 699; Galenika, Polmedis
recepta.serce; Apiksaban; 2.5 mg, 5 mg; 56 tabl., 60 tabl.; 8999; Medilab, Genera
recepta.serce; Rywaroksaban; 10 mg, 15 mg, 20 mg; 28 tabl., 30 tabl.; 7999; Medilab, Genera, Polmedis
recepta.cukrzyca; Metformina; 500 mg, 850 mg, 1000 mg, XR 750 mg; 30 tabl., 60 tabl., 90 tabl.; 699; Polmedis, Genera, Galenika
recepta.cukrzyca; Gliklazyd MR; 30 mg, 60 mg; 30 tabl., 60 tabl.; 1049; Genera, Medilab
recepta.cukrzyca; Dapagliflozyna; 10 mg; 28 tabl., 30 tabl.; 12999; Medilab, Genera
recepta.cukrzyca; Insulina glargine; 100 j./ml; 5 wstrz.; 18999; Insulab, Medilab
recepta.cukrzyca; Insulina aspart; 100 j./ml; 5 wkł., 10 wkł.; 12999; Insulab
recepta.cholesterol; Atorwastatyna; 10 mg, 20 mg, 40 mg, 80 mg; 30 tabl., 60 tabl., 90 tabl.; 1099; Polmedis, Medilab, Genera
recepta.cholesterol; Rozuwastatyna; 5 mg, 10 mg, 20 mg, 40 mg; 28 tabl., 56 tabl.; 1199; Medilab, Genera, Galenika
recepta.cholesterol; Ezetymib; 10 mg; 28 tabl., 56 tabl.; 2199; Genera, Polmedis
recepta.antybiotyki; Amoksycylina; 500 mg, 1000 mg; 16 tabl., 20 tabl.; 1399; Polmedis, Genera
recepta.antybiotyki; Amoksycylina z kwasem klawulanowym; 625 mg, 1000 mg; 14 tabl., 21 tabl.; 2199; Medilab, Genera
recepta.antybiotyki; Azytromycyna; 250 mg, 500 mg; 3 tabl., 6 tabl.; 1699; Polmedis, Medilab
recepta.antybiotyki; Cefuroksym; 250 mg, 500 mg; 10 tabl., 14 tabl.; 2099; Genera, Galenika
recepta.antybiotyki; Furazydyna; 100 mg; 15 tabl., 30 tabl.; 1499; Galenika, Polmedis
recepta.oddech; Salbutamol; 100 mcg/dawkę; 200 dawek; 1299; Medilab, Genera
recepta.oddech; Budezonid z formoterolem; 160/4.5 mcg, 320/9 mcg; 60 dawek, 120 dawek; 7499; Medilab, Genera
recepta.oddech; Montelukast; 4 mg, 5 mg, 10 mg; 28 tabl., 56 tabl.; 1999; Genera, Polmedis
recepta.oddech; Tiotropium; 18 mcg; 30 kaps., 90 kaps.; 9999; Medilab
recepta.neuro; Sertralina; 50 mg, 100 mg; 28 tabl., 30 tabl.; 1299; Polmedis, Medilab, Genera
recepta.neuro; Escitalopram; 5 mg, 10 mg, 20 mg; 28 tabl., 56 tabl.; 1399; Genera, Medilab
recepta.neuro; Kwetiapina; 25 mg, 100 mg, 200 mg; 30 tabl., 60 tabl.; 1699; Genera, Galenika
recepta.neuro; Pregabalina; 75 mg, 150 mg, 300 mg; 14 kaps., 56 kaps.; 1899; Medilab, Polmedis
recepta.neuro; Lewetyracetam; 500 mg, 1000 mg; 50 tabl., 100 tabl.; 3299; Genera, Medilab
recepta.hormony; Lewotyroksyna; 25 mcg, 50 mcg, 75 mcg, 100 mcg; 50 tabl., 100 tabl.; 899; Medilab, Galenika, Genera
recepta.hormony; Prednizon; 5 mg, 10 mg, 20 mg; 20 tabl., 100 tabl.; 1199; Galenika, Polmedis
recepta.hormony; Tamsulosyna; 0.4 mg; 30 kaps., 90 kaps.; 1299; Genera, Polmedis
recepta.zoladek; Pantoprazol; 20 mg, 40 mg; 28 tabl., 56 tabl., 90 tabl.; 1049; Polmedis, Medilab, Genera
recepta.zoladek; Omeprazol; 20 mg, 40 mg; 28 kaps., 56 kaps.; 949; Genera, Galenika
recepta.zoladek; Esomeprazol; 20 mg, 40 mg; 28 tabl., 56 tabl.; 1499; Medilab, Genera
recepta.neuro; Tramadol; 50 mg, 100 mg; 20 kaps., 50 kaps.; 1299; Polmedis, Galenika
recepta.serce; Torasemid; 5 mg, 10 mg, 20 mg; 30 tabl., 90 tabl.; 999; Genera, Polmedis`)
