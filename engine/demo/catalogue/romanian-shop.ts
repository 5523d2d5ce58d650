import { families } from './family.ts'

/** What a Romanian neighbourhood shop sells. Producers are invented. */
export const romanianShop = families(`
aliment.lactate; Lapte; 1,5%, 3,5%, fără lactoză; 0,5 l, 1 l; 549; Valea.Verde, Câmpia, Gospodarul, Cireșul
aliment.lactate; Unt; 65%, 82%; 200 g; 1399; Valea.Verde, Câmpia, Cireșul
aliment.lactate; Brânză telemea; de vacă, de oaie, de capră; 200 g, 350 g; 1499; Gospodarul, Stâna, Valea.Verde, Cireșul
aliment.lactate; Cașcaval; Dalia, afumat, Rucăr; 250 g, 450 g; 1699; Stâna, Valea.Verde, Câmpia, Cireșul
aliment.lactate; Smântână; 12%, 20%, 25%; 200 g, 400 g, 850 g; 499; Câmpia, Gospodarul, Valea.Verde, Cireșul
aliment.lactate; Ouă; mărimea M, mărimea L, de la sol; 6 buc., 10 buc.; 999; Gospodarul, Curtea, Cireșul
aliment.lactate.iaurt; Iaurt; natural, grecesc, cu căpșuni, cu piersici, cu afine; 140 g, 400 g; 299; Valea.Verde, Câmpia, Stâna, Cireșul
aliment.lactate.iaurt; Sana; , 3,6%; 330 g, 900 g; 449; Câmpia, Gospodarul, Cireșul
aliment.lactate.iaurt; Desert; cu ciocolată, cu vanilie, cu caramel; 100 g, 4x100 g; 349; Valea.Verde, Dulcinela, Cireșul
aliment.panificatie; Pâine; albă feliată, integrală, cu secară, de casă; 300 g, 500 g, 700 g; 549; Brutăria.Veche, Spicul, Cireșul
aliment.panificatie; Chifle; simple, cu susan, integrale; 4 buc., 6 buc.; 499; Spicul, Brutăria.Veche, Cireșul
aliment.panificatie; Cozonac; cu nucă, cu mac, cu cacao; 450 g, 600 g; 1999; Brutăria.Veche, Dulcinela, Cireșul
aliment.panificatie; Covrigi; cu sare, cu susan, cu mac; 200 g, 400 g; 499; Spicul, Cireșul
aliment.mezeluri; Salam; de vară, Săsesc, uscat; 200 g, 400 g; 1299; Afumătoarea, Gospodarul, Curtea, Cireșul
aliment.mezeluri; Șuncă; Praga, de pui, presată; 150 g, 300 g; 1199; Afumătoarea, Curtea, Cireșul
aliment.mezeluri; Cârnați; oltenești, de casă, afumați; 400 g, 600 g; 1899; Afumătoarea, Gospodarul, Cireșul
aliment.mezeluri; Crenvurști; de porc, de pui; 250 g, 500 g; 899; Curtea, Afumătoarea, Cireșul
aliment.baza; Paste; spaghete, fusilli, penne, melcișori; 400 g, 500 g; 549; Spicul, Morarul, Cireșul
aliment.baza; Făină; 000, 650, integrală; 1 kg, 2 kg; 449; Morarul, Spicul, Cireșul
aliment.baza; Mălai; extra, grișat; 1 kg; 449; Morarul, Gospodarul, Cireșul
aliment.baza; Orez; bob rotund, bob lung, basmati; 500 g, 1 kg; 749; Morarul, Bobiță, Cireșul
aliment.baza; Zahăr; tos, brun, pudră; 500 g, 1 kg; 499; Morarul, Dulcinela, Cireșul
aliment.baza; Ulei; de floarea-soarelui, de rapiță, de măsline; 0,5 l, 1 l, 2 l; 849; Solaris, Morarul, Cireșul
aliment.baza; Fasole; albă, roșie, pestriță; 400 g, 1 kg; 699; Bobiță, Gospodarul, Cireșul
aliment.baza; Zacuscă; de vinete, de fasole, de ciuperci; 300 g, 500 g; 999; Cămara, Gospodarul, Cireșul
aliment.baza; Gem; de caise, de prune, de vișine, de căpșuni; 300 g, 720 g; 999; Cămara, Livada, Cireșul
aliment.baza; Muștar; clasic, iute; 300 g, 500 g; 449; Cămara, Bobiță, Cireșul
aliment.baza; Bulion; 18%, 24%; 314 g, 720 g; 599; Cămara, Solaris, Cireșul
aliment.baza; Fulgi; de ovăz, de porumb, musli; 250 g, 500 g; 649; Bobiță, Spicul, Cireșul
aliment.dulciuri; Ciocolată; cu lapte, amăruie, cu alune, albă; 90 g, 200 g; 649; Dulcinela, Cacaoana, Cireșul
aliment.dulciuri; Biscuiți; cu unt, cu ovăz, cu cremă; 150 g, 300 g; 549; Dulcinela, Spicul, Cireșul
aliment.dulciuri; Napolitane; cu cacao, cu alune, cu lămâie; 50 g, 180 g; 299; Dulcinela, Cacaoana, Cireșul
aliment.dulciuri; Chipsuri; cu sare, cu paprika, cu cașcaval; 65 g, 130 g; 599; Crocantino, Cireșul
aliment.dulciuri; Pufuleți; cu sare, cu cașcaval; 45 g, 100 g; 199; Crocantino, Bobiță, Cireșul
aliment.dulciuri; Semințe; de floarea-soarelui, de dovleac; 100 g, 200 g; 449; Crocantino, Solaris, Cireșul
aliment.bauturi; Apă minerală; carbogazoasă, plată; 0,5 l, 1,5 l, 6x2 l; 299; Izvorul, Carpatina, Cireșul
aliment.bauturi; Suc carbogazos; cola, de portocale, de lămâie; 0,5 l, 1,25 l, 2 l; 449; Racoros, Cireșul
aliment.bauturi; Ice tea; cu piersici, cu lămâie; 0,5 l, 1,5 l; 499; Racoros, Izvorul, Cireșul
aliment.bauturi.sucuri; Suc natural; de mere, de portocale, de roșii, de caise; 0,3 l, 1 l; 549; Livada, Cămara, Cireșul
aliment.bauturi.sucuri; Sirop; de soc, de zmeură, de cătină; 0,5 l, 0,7 l; 1299; Livada, Cămara, Cireșul
aliment.cafea; Cafea; măcinată, boabe, solubilă; 100 g, 250 g, 500 g; 1699; Aroma.Sudului, Cacaoana, Cireșul
aliment.cafea; Ceai; negru, verde, de tei, de mentă, de fructe; 20 plicuri, 40 plicuri; 649; Tihna, Livada, Cireșul
aliment.alcool; Bere; blondă, brună, fără alcool; 0,5 l, 6x0,5 l; 449; Berăria.Veche, Hameius
aliment.alcool; Vin; alb sec, roșu demisec, rosé; 0,75 l; 2499; Podgoria, Crama.Nouă
aliment.tutun; Țigări; red, blue; 20 buc.; 2499; Tabacos
casa.curatenie; Detergent de vase; cu lămâie, cu aloe; 0,5 l, 1 l; 799; Clarin, Sclipici, Cireșul
casa.curatenie; Detergent de rufe; color, alb; 1,5 kg, 3 kg; 2699; Clarin, Sclipici, Cireșul
casa.curatenie; Balsam de rufe; lavandă, primăvară; 1 l, 1,8 l; 1499; Clarin, Sclipici, Cireșul
casa.curatenie; Soluție geamuri; cu oțet, cu alcool; 500 ml, 750 ml; 999; Sclipici, Cireșul
casa.hartie; Hârtie igienică; 2 straturi, 3 straturi; 8 role, 16 role; 1499; Moale, Sclipici, Cireșul
casa.hartie; Prosop de bucătărie; ; 2 role, 4 role; 999; Moale, Clarin, Cireșul
casa.hartie; Șervețele; albe, colorate; 50 buc., 100 buc.; 499; Moale, Cireșul
casa.ingrijire; Gel de duș; cu lavandă, cu citrice, pentru bărbați; 250 ml, 400 ml; 1199; Floris, Aquaderm, Cireșul
casa.ingrijire; Șampon; antimătreață, reparator, pentru copii; 250 ml, 400 ml; 1599; Floris, Capilis, Cireșul
casa.ingrijire; Pastă de dinți; albire, protecție completă; 75 ml, 100 ml; 999; Dentavis, Cireșul
casa.ingrijire; Săpun; solid, lichid; 100 g, 300 ml; 499; Floris, Clarin, Cireșul
casa.ingrijire; Deodorant; spray, roll-on; 50 ml, 150 ml; 1399; Floris, Dermalia, Cireșul
casa.animale; Hrană pentru pisici; cu pui, cu somon; 85 g, 400 g, 1,5 kg; 349; Mustăcilă, Cireșul
casa.animale; Hrană pentru câini; cu vită, cu pui; 415 g, 1,2 kg, 3 kg; 699; Mustăcilă, Cireșul`)

/** Loose goods, sold by weight: price of a kilogram. */
export const romanianLoose = families(`
aliment.legume; Mere; ionatan, golden; vrac; 599; Livada
aliment.legume; Cartofi; albi, roșii; vrac; 399; Gospodarul
aliment.legume; Roșii; cherry, românești; vrac; 1499; Gospodarul
aliment.legume; Castraveți; ; vrac; 999; Gospodarul
aliment.legume; Ceapă; galbenă, roșie; vrac; 449; Gospodarul
aliment.legume; Banane; ; vrac; 799; Racoros
aliment.legume; Ardei; kapia, gras; vrac; 1299; Gospodarul
aliment.legume; Vinete; ; vrac; 1199; Gospodarul
aliment.mezeluri; Piept de pui; ; vrac; 2999; Curtea
aliment.mezeluri; Ceafă de porc; ; vrac; 2799; Afumătoarea`)
