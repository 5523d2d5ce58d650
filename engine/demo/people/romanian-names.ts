/** Frequent Romanian names. */
const list = (text: string): readonly string[] => text.trim().split(/\s+/)

export const romanianWomen = list(`
Maria Elena Ana Ioana Andreea Mihaela Cristina Daniela Alexandra Gabriela Alina Simona Adriana Monica Raluca Florentina
Carmen Georgiana Laura Diana Roxana Camelia Nicoleta Oana Mariana Corina Liliana Anca Irina Loredana Bianca Denisa
Rodica Viorica Cornelia Valentina Doina Luminița Ștefania Larisa Teodora Ileana Aurelia Victoria Iulia Claudia Lavinia
Mădălina Otilia Sorina`)

export const romanianMen = list(`
Andrei Alexandru Ion Gheorghe Constantin Mihai Vasile Nicolae Ștefan Florin Marian Cristian Adrian Daniel Ionuț Bogdan
Marius George Gabriel Vlad Radu Cătălin Dan Sorin Lucian Cosmin Răzvan Valentin Viorel Dumitru Petru Paul Robert
Claudiu Ovidiu Emil Tudor Sebastian Octavian Darius Rareș Horia Silviu Liviu Eugen Dragoș Traian Ciprian Laurențiu Iulian`)

export const romanianFamilies = list(`
Popescu Ionescu Popa Pop Radu Dumitru Stan Stoica Gheorghe Matei Ciobanu Rusu Constantin Marin Munteanu Dinu Ilie
Moldovan Florea Tudor Dobre Barbu Nistor Lungu Preda Neagu Dragomir Mocanu Oprea Voicu Cristea Toma Stanciu Sandu
Manea Petrescu Georgescu Dumitrescu Stănescu Marinescu Constantinescu Diaconu Cojocaru Crăciun Ene Nagy Lazăr Roman
Badea Mihai Olteanu Bucur Enache Avram Coman Sava Iacob Pavel Suciu Chiriac Filip Vasile Rotaru Zamfir Tănase Albu
Bălan Grosu Iordache Vlad Simion Anghel Tănăsescu Manole Șerban Paraschiv Cozma Ursu Bejan Ardelean`)
