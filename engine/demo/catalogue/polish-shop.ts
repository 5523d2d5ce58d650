import { families } from './family.ts'

/** What a Polish neighbourhood shop sells. Producers are invented. */
export const polishShop = families(`
sklep.nabial; Mleko; 2%, 3.2%, bez laktozy; 0.5 l, 1 l; 299; Łąkowe, Mleczna.Dolina, Zagroda, Sąsiad
sklep.nabial; Masło; ekstra, osełka; 200 g, 300 g; 749; Łąkowe, Mleczna.Dolina, Sąsiad
sklep.nabial; Ser żółty; gouda, edamski, podlaski; 150 g, 300 g; 699; Mleczna.Dolina, Zagroda, Sąsiad
sklep.nabial; Twaróg; chudy, półtłusty, tłusty; 250 g; 549; Łąkowe, Zagroda, Mleczna.Dolina, Sąsiad
sklep.nabial; Śmietana; 12%, 18%, 30%; 200 ml, 400 ml; 289; Łąkowe, Zagroda, Sąsiad
sklep.nabial; Jaja; z wolnego wybiegu, ściółkowe; 6 szt., 10 szt.; 799; Zagroda, Kurnik, Sąsiad
sklep.nabial.jogurty; Jogurt; naturalny, truskawkowy, brzoskwiniowy, typu greckiego; 150 g, 400 g; 199; Łąkowe, Mleczna.Dolina, Zagroda, Sąsiad
sklep.nabial.jogurty; Kefir; , bez laktozy; 400 ml, 1 l; 249; Łąkowe, Zagroda, Sąsiad
sklep.nabial.jogurty; Deser; czekoladowy, waniliowy; 120 g, 4x120 g; 219; Mleczna.Dolina, Sąsiad
sklep.pieczywo; Chleb; żytni, wiejski, graham, pszenny; 500 g, 800 g; 449; Piekarczyk, Zacisze, Sąsiad
sklep.pieczywo; Bułka; kajzerka, grahamka, maślana; ; 89; Piekarczyk, Zacisze, Sąsiad
sklep.pieczywo; Drożdżówka; z serem, z makiem, z jagodami; ; 349; Piekarczyk, Zacisze, Sąsiad
sklep.wedliny; Szynka; wiejska, konserwowa, z indyka; 100 g, 200 g; 549; Zagroda, Wędzarnia, Sąsiad
sklep.wedliny; Kiełbasa; śląska, podwawelska, krakowska; 300 g, 500 g; 1099; Wędzarnia, Zagroda, Sąsiad
sklep.wedliny; Parówki; z szynki, drobiowe; 200 g, 400 g; 599; Wędzarnia, Kurnik, Sąsiad
sklep.suche; Makaron; świderki, spaghetti, nitki, pełnoziarnisty; 250 g, 500 g; 379; Kłosek, Młynarz, Sąsiad
sklep.suche; Mąka; pszenna, tortowa, żytnia; 1 kg; 329; Młynarz, Kłosek, Sąsiad
sklep.suche; Ryż; biały, brązowy, jaśminowy; 400 g, 1 kg; 449; Kłosek, Ziarenko, Sąsiad
sklep.suche; Kasza; gryczana, jaglana, jęczmienna; 400 g, 1 kg; 429; Kłosek, Ziarenko, Sąsiad
sklep.suche; Cukier; biały, trzcinowy; 1 kg; 399; Młynarz, Ziarenko, Sąsiad
sklep.suche; Olej; rzepakowy, słonecznikowy; 1 l; 799; Ziarenko, Młynarz, Sąsiad
sklep.suche; Płatki; owsiane, kukurydziane, musli; 250 g, 500 g; 499; Ziarenko, Kłosek, Sąsiad
sklep.suche; Zupa w słoiku; pomidorowa, ogórkowa, żurek; 500 ml; 699; Spiżarka, Zacisze, Sąsiad
sklep.suche; Dżem; truskawkowy, malinowy, z czarnej porzeczki; 280 g; 549; Spiżarka, Ogródek, Sąsiad
sklep.slodycze; Czekolada; mleczna, gorzka, z orzechami; 90 g, 200 g; 449; Kakaowiec, Słodynka, Sąsiad
sklep.slodycze; Ciastka; maślane, owsiane, z kremem; 150 g, 300 g; 449; Słodynka, Piekarczyk, Sąsiad
sklep.slodycze; Wafel; kakaowy, orzechowy; 36 g, 180 g; 199; Słodynka, Kakaowiec, Sąsiad
sklep.slodycze; Chipsy; solone, paprykowe, cebulowe; 70 g, 140 g; 449; Chrupek, Sąsiad
sklep.slodycze; Orzeszki; solone, w karmelu; 100 g, 250 g; 499; Chrupek, Ziarenko, Sąsiad
sklep.napoje; Woda mineralna; gazowana, niegazowana; 0.5 l, 1.5 l, 6x1.5 l; 149; Źródlana, Górska, Sąsiad
sklep.napoje; Napój; cola, pomarańczowy, cytrynowy; 0.5 l, 1.5 l; 349; Orzeźwik, Sąsiad
sklep.napoje.soki; Sok; jabłkowy, pomarańczowy, marchwiowy, pomidorowy; 0.3 l, 1 l; 299; Ogródek, Owocni, Sąsiad
sklep.kawa; Kawa; mielona, ziarnista, rozpuszczalna; 100 g, 250 g, 500 g; 1299; Ziarna.Południa, Kakaowiec, Sąsiad
sklep.kawa; Herbata; czarna, zielona, owocowa, miętowa; 20 torebek, 50 torebek; 549; Herbaton, Czajniczek, Sąsiad
sklep.alkohol; Piwo; jasne, pszeniczne, bezalkoholowe; 0.5 l, 4x0.5 l; 399; Browar.Stary, Chmielak
sklep.alkohol; Wino; białe wytrawne, czerwone półsłodkie; 0.75 l; 2499; Winnica.Sad
sklep.tyton; Papierosy; red, blue, menthol; 20 szt.; 1799; Tabakos
dom.pranie; Płyn do naczyń; cytrynowy, miętowy; 0.5 l, 1 l; 599; Czyścik, Lśnik, Sąsiad
dom.pranie; Proszek do prania; kolor, biel; 1.5 kg, 3 kg; 1999; Czyścik, Lśnik, Sąsiad
dom.pranie; Kapsułki do prania; kolor, uniwersalne; 15 szt., 30 szt.; 1999; Lśnik, Sąsiad
dom.pranie; Płyn do płukania tkanin; lawendowy, wiosenny; 1 l, 1.8 l; 1099; Czyścik, Lśnik, Sąsiad
dom.papier; Papier toaletowy; 2-warstwowy, 3-warstwowy; 8 rolek, 16 rolek; 999; Miękki, Lśnik, Sąsiad
dom.papier; Ręcznik papierowy; ; 2 rolki, 4 rolki; 699; Miękki, Lśnik, Sąsiad
dom.papier; Chusteczki higieniczne; , balsam; 10x10 szt., 100 szt.; 449; Miękki, Sąsiad
dom.papier; Mydło w płynie; lawendowe, aloesowe; 300 ml, 500 ml; 649; Floris, Lśnik, Sąsiad`)

/** Loose goods, sold by weight: price of a kilogram. */
export const polishLoose = families(`
sklep.owoce; Jabłka; ligol, gala, szara reneta; luz; 399; Ogródek
sklep.owoce; Ziemniaki; jadalne, młode; luz; 249; Ogródek
sklep.owoce; Pomidory; gałązka, malinowe; luz; 1199; Ogródek
sklep.owoce; Ogórki; gruntowe, szklarniowe; luz; 899; Ogródek
sklep.owoce; Banany; ; luz; 649; Owocni
sklep.owoce; Cytryny; ; luz; 999; Owocni
sklep.owoce; Marchew; ; luz; 349; Ogródek
sklep.owoce; Cebula; żółta, czerwona; luz; 329; Ogródek
sklep.wedliny; Filet z kurczaka; ; luz; 2499; Kurnik
sklep.wedliny; Karkówka; bez kości; luz; 2299; Wędzarnia`)
