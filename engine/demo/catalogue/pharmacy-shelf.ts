import { families } from './family.ts'

/** Supplements of a Polish pharmacy. */
export const supplements = families(`
suplementy.witaminy; Witamina C; 500 mg, 1000 mg, liposomalna; 30 kaps., 60 kaps., 120 kaps.; 1499; Farmavit, Biolipa, Zdrowex
suplementy.witaminy; Witamina D3; 1000 j.m., 2000 j.m., 4000 j.m.; 30 kaps., 60 kaps., 120 kaps.; 1399; Farmavit, Biolipa, Polmedis
suplementy.witaminy; Witamina D3+K2; 2000 j.m., 4000 j.m.; 30 kaps., 60 kaps.; 2199; Biolipa, Zdrowex
suplementy.witaminy; Witaminy z grupy B; complex, forte; 30 tabl., 60 tabl.; 1599; Farmavit, Zdrowex
suplementy.witaminy; Kwas foliowy; 0.4 mg, 0.8 mg; 30 tabl., 90 tabl.; 1199; Farmavit, Polmedis
suplementy.witaminy; Multiwitamina; dla kobiet, dla mężczyzn, dla seniora, Junior; 30 tabl., 60 tabl.; 2499; Farmavit, Biolipa, Vitanova
suplementy.mineraly; Magnez B6; , Cardio, Skurcz; 30 tabl., 60 tabl., 120 tabl.; 1499; Farmavit, Zdrowex, Vitanova
suplementy.mineraly; Cynk; 10 mg, 15 mg; 30 tabl., 90 tabl.; 1299; Biolipa, Farmavit
suplementy.mineraly; Żelazo; 14 mg, 30 mg; 30 kaps., 60 kaps.; 1799; Vitanova, Zdrowex
suplementy.mineraly; Potas; , z magnezem; 30 tabl., 60 tabl.; 1299; Farmavit, Vitanova
suplementy.mineraly; Elektrolity; cytrynowe, pomarańczowe; 7 sasz., 20 sasz.; 1399; Zdrowex, Biolipa
suplementy.odpornosc; Omega 3; 500 mg, 1000 mg, Junior; 30 kaps., 60 kaps., 120 kaps.; 2299; Biolipa, Vitanova, Farmavit
suplementy.odpornosc; Sok z czarnego bzu; , z maliną, z acerolą; 120 ml, 250 ml; 1999; Herbaton, Biolipa
suplementy.odpornosc; Tran; cytrynowy, naturalny; 250 ml, 500 ml; 2799; Biolipa, Vitanova
suplementy.odpornosc; Czosnek bezzapachowy; , forte; 30 kaps., 90 kaps.; 1299; Herbaton, Farmavit
suplementy.stawy; Kolagen; , z kwasem hialuronowym, Sport; 30 sasz., 60 kaps.; 3999; Vitanova, Biolipa
suplementy.stawy; Glukozamina; 500 mg, 1500 mg; 60 tabl., 120 tabl.; 2999; Vitanova, Zdrowex
suplementy.stawy; Wapń z witaminą D3; ; 60 tabl., 120 tabl.; 1999; Farmavit, Polmedis
suplementy.uroda; Skrzyp i pokrzywa; , forte, z biotyną; 30 tabl., 60 tabl.; 1799; Herbaton, Biolipa
suplementy.uroda; Biotyna; 5 mg, 10 mg; 30 tabl., 60 tabl.; 1599; Vitanova, Farmavit
suplementy.uroda; Koenzym Q10; 30 mg, 100 mg; 30 kaps., 60 kaps.; 2499; Biolipa, Vitanova`)

/** Cosmetics, child care and medical devices of a Polish pharmacy. */
export const pharmacyShelf = families(`
kosmetyki.twarz.kremy; Krem; nawilżający, przeciwzmarszczkowy, na noc, do cery naczynkowej, matujący; 40 ml, 50 ml; 3499; Dermalia, Lilavera, Aquaderm, Floris, Rumianek
kosmetyki.twarz.kremy; Serum; z witaminą C, z retinolem, z niacynamidem, z kwasem hialuronowym; 15 ml, 30 ml; 4999; Dermalia, Lilavera, Aquaderm, Rumianek
kosmetyki.twarz.kremy; Krem pod oczy; liftingujący, rozjaśniający; 15 ml; 3999; Dermalia, Lilavera, Floris, Rumianek
kosmetyki.twarz.oczyszczanie; Płyn micelarny; do skóry wrażliwej, do skóry tłustej; 200 ml, 400 ml; 2199; Dermalia, Aquaderm, Floris, Rumianek
kosmetyki.twarz.oczyszczanie; Żel do mycia twarzy; łagodny, z kwasem salicylowym; 150 ml, 200 ml; 2599; Dermalia, Lilavera, Aquaderm, Rumianek
kosmetyki.twarz.oczyszczanie; Tonik; różany, aloesowy; 200 ml; 1999; Floris, Lilavera, Rumianek
kosmetyki.cialo; Balsam do ciała; z mocznikiem 5%, z mocznikiem 10%, emolientowy; 200 ml, 400 ml; 2999; Dermalia, Aquaderm, Emolina, Rumianek
kosmetyki.cialo; Krem do rąk; regenerujący, z gliceryną, ochronny; 50 ml, 100 ml; 1199; Floris, Dermalia, Emolina, Rumianek
kosmetyki.cialo; Emulsja do kąpieli; , z olejem lnianym; 200 ml, 500 ml; 2999; Emolina, Aquaderm, Rumianek
kosmetyki.cialo; Antyperspirant; roll-on, spray, bloker; 50 ml, 75 ml; 1899; Dermalia, Floris, Rumianek
kosmetyki.wlosy; Szampon; przeciwłupieżowy, wzmacniający, do włosów suchych; 200 ml, 300 ml; 2499; Dermalia, Floris, Capilis, Rumianek
kosmetyki.wlosy; Odżywka; regenerująca, nawilżająca; 150 ml, 200 ml; 2299; Capilis, Floris, Rumianek
kosmetyki.slonce; Krem z filtrem SPF 50; do twarzy, barwiony, dla dzieci; 50 ml; 4499; Dermalia, Aquaderm, Lilavera, Rumianek
kosmetyki.slonce; Mleczko po opalaniu; z pantenolem; 150 ml, 250 ml; 2799; Aquaderm, Floris, Rumianek
kosmetyki.usta; Pasta do zębów; wybielająca, na dziąsła, dla dzieci; 75 ml, 100 ml; 1399; Dentavis, Herbaton, Rumianek
kosmetyki.usta; Płyn do płukania ust; łagodny, antybakteryjny; 250 ml, 500 ml; 1999; Dentavis, Medilab, Rumianek
kosmetyki.usta; Szczoteczka do zębów; miękka, średnia; 1 szt., 2 szt.; 1299; Dentavis, Rumianek
kosmetyki.usta; Pomadka ochronna; wiśniowa, bezbarwna, SPF 30; 4 g; 999; Floris, Emolina, Rumianek
dziecko.mleko; Mleko początkowe; 1, 1 Comfort, 1 HA; 400 g, 800 g; 3499; Babilandia, Mamikos, Rumianek
dziecko.mleko.nastepne; Mleko następne; 2, 2 Comfort; 400 g, 800 g; 3299; Babilandia, Mamikos, Rumianek
dziecko.pielegnacja; Krem na odparzenia; , z cynkiem; 50 g, 100 g; 1999; Emolina, Babilandia, Rumianek
dziecko.pielegnacja; Chusteczki nawilżane; sensitive, aloesowe; 56 szt., 80 szt.; 999; Babilandia, Mamikos, Rumianek
dziecko.pielegnacja; Pieluszki; rozm. 2, rozm. 3, rozm. 4; 40 szt., 80 szt.; 3999; Babilandia, Rumianek
dziecko.pielegnacja; Smoczek; 0-6 mies., 6-18 mies.; 1 szt., 2 szt.; 1799; Mamikos, Rumianek
wyroby.opatrunki; Plastry; tkaninowe, wodoodporne, dla dzieci; 10 szt., 20 szt.; 799; Opatrix, Medilab, Rumianek
wyroby.opatrunki; Bandaż elastyczny; 8 cm, 10 cm, 12 cm; 1 szt.; 649; Opatrix, Galenika, Rumianek
wyroby.opatrunki; Kompresy jałowe; 5x5 cm, 7x7 cm, 10x10 cm; 3 szt., 10 szt.; 399; Opatrix, Galenika, Rumianek
wyroby.pomiary; Ciśnieniomierz; naramienny, nadgarstkowy; 1 szt.; 12999; Medtest, Zdrowex, Rumianek
wyroby.pomiary; Termometr; elektroniczny, bezdotykowy; 1 szt.; 2999; Medtest, Zdrowex, Rumianek
wyroby.pomiary; Paski do glukometru; ; 50 szt., 100 szt.; 4299; Medtest, Insulab, Rumianek
wyroby.pomiary; Test; ciążowy, na grypę, na celiakię; 1 szt., 2 szt.; 1499; Medtest, Medilab, Rumianek
wyroby.pomiary; Inhalator; kompresorowy, membranowy; 1 szt.; 15999; Medtest, Rumianek`)
