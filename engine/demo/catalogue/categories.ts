import type { Commands } from '@premia/pos-sdk/contract/admin'

export type Category = Commands['catalogue.import']['input']['categories'][number]

const table = `
leki;;Leki bez recepty
leki.bol;leki;Ból i gorączka
leki.bol.dzieci;leki.bol;Ból i gorączka u dzieci
leki.przeziebienie;leki;Przeziębienie i grypa
leki.przeziebienie.kaszel;leki.przeziebienie;Kaszel i gardło
leki.przeziebienie.katar;leki.przeziebienie;Katar i zatoki
leki.alergia;leki;Alergia
leki.trawienie;leki;Trawienie
leki.trawienie.probiotyki;leki.trawienie;Probiotyki
leki.skora;leki;Skóra i rany
leki.zyly;leki;Żyły i krążenie
leki.sen;leki;Sen i uspokojenie
leki.palenie;leki;Rzucanie palenia
recepta;;Leki na receptę
recepta.serce;recepta;Serce i ciśnienie
recepta.cukrzyca;recepta;Cukrzyca
recepta.cholesterol;recepta;Cholesterol
recepta.antybiotyki;recepta;Antybiotyki
recepta.oddech;recepta;Astma i POChP
recepta.neuro;recepta;Neurologia i psychiatria
recepta.hormony;recepta;Hormony i tarczyca
recepta.zoladek;recepta;Żołądek
suplementy;;Suplementy diety
suplementy.witaminy;suplementy;Witaminy
suplementy.mineraly;suplementy;Minerały
suplementy.odpornosc;suplementy;Odporność
suplementy.stawy;suplementy;Kości i stawy
suplementy.uroda;suplementy;Włosy, skóra, paznokcie
kosmetyki;;Kosmetyki
kosmetyki.twarz;kosmetyki;Twarz
kosmetyki.twarz.kremy;kosmetyki.twarz;Kremy do twarzy
kosmetyki.twarz.oczyszczanie;kosmetyki.twarz;Oczyszczanie
kosmetyki.cialo;kosmetyki;Ciało
kosmetyki.wlosy;kosmetyki;Włosy
kosmetyki.slonce;kosmetyki;Ochrona przed słońcem
kosmetyki.usta;kosmetyki;Jama ustna
dziecko;;Mama i dziecko
dziecko.mleko;dziecko;Mleko początkowe
dziecko.mleko.nastepne;dziecko.mleko;Mleko następne
dziecko.pielegnacja;dziecko;Pielęgnacja
wyroby;;Wyroby medyczne
wyroby.opatrunki;wyroby;Opatrunki
wyroby.pomiary;wyroby;Pomiary i testy
sklep;;Artykuły spożywcze
sklep.nabial;sklep;Nabiał
sklep.nabial.jogurty;sklep.nabial;Jogurty i desery
sklep.pieczywo;sklep;Pieczywo
sklep.owoce;sklep;Owoce i warzywa
sklep.wedliny;sklep;Wędliny i mięso
sklep.suche;sklep;Produkty suche
sklep.slodycze;sklep;Słodycze i przekąski
sklep.napoje;sklep;Napoje
sklep.napoje.soki;sklep.napoje;Soki i nektary
sklep.kawa;sklep;Kawa i herbata
sklep.alkohol;sklep;Piwo i wino
sklep.tyton;sklep;Wyroby tytoniowe
dom;;Dom i higiena
dom.pranie;dom;Pranie i sprzątanie
dom.papier;dom;Papier i higiena
aliment;;Alimente
aliment.lactate;aliment;Lactate
aliment.lactate.iaurt;aliment.lactate;Iaurturi și deserturi
aliment.panificatie;aliment;Panificație
aliment.legume;aliment;Legume și fructe
aliment.mezeluri;aliment;Mezeluri și carne
aliment.baza;aliment;Alimente de bază
aliment.dulciuri;aliment;Dulciuri și gustări
aliment.bauturi;aliment;Băuturi
aliment.bauturi.sucuri;aliment.bauturi;Sucuri naturale
aliment.cafea;aliment;Cafea și ceai
aliment.alcool;aliment;Bere și vin
aliment.tutun;aliment;Produse din tutun
casa;;Casă și igienă
casa.curatenie;casa;Curățenie și rufe
casa.hartie;casa;Hârtie și igienă
casa.ingrijire;casa;Îngrijire personală
casa.animale;casa;Hrană pentru animale`

/** The operator's category tree: up to three levels. */
export const categories: readonly Category[] = table
  .trim()
  .split('\n')
  .map((row) => {
    const [id = '', parent = '', name = ''] = row.split(';')
    return parent === '' ? { id, name } : { id, parent, name }
  })
