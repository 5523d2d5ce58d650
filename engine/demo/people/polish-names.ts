/** Frequent Polish names; family names with the two forms they take. */
const list = (text: string): readonly string[] => text.trim().split(/\s+/)

export const polishWomen = list(`
Anna Maria Katarzyna Małgorzata Agnieszka Barbara Ewa Elżbieta Krystyna Zofia Janina Teresa Joanna Magdalena Monika
Danuta Jadwiga Aleksandra Halina Irena Beata Marta Dorota Helena Karolina Grażyna Jolanta Iwona Natalia Bożena Renata
Urszula Paulina Justyna Sylwia Stanisława Wiesława Julia Patrycja Weronika Wanda Kinga Izabela Aneta Klaudia Emilia
Oliwia Lena Hanna Alicja Maja Zuzanna Wiktoria Gabriela Dominika Ilona Lucyna Mirosława Kamila Edyta`)

export const polishMen = list(`
Piotr Krzysztof Andrzej Tomasz Jan Paweł Michał Marcin Stanisław Jakub Adam Marek Łukasz Grzegorz Mateusz Wojciech
Mariusz Dariusz Zbigniew Jerzy Maciej Rafał Robert Kamil Józef Jacek Dawid Szymon Tadeusz Ryszard Kacper Bartosz
Jarosław Artur Sebastian Mirosław Sławomir Henryk Patryk Damian Daniel Przemysław Roman Kazimierz Wiesław Filip
Aleksander Marian Franciszek Antoni Leon Ignacy Hubert Norbert Cezary Witold Konrad Oskar Igor Bogdan`)

/** Adjectival names: -ski becomes -ska. */
export const polishAdjectives = list(`
Kowalski Wiśniewski Dąbrowski Kamiński Lewandowski Zieliński Szymański Kozłowski Jankowski Wojciechowski Kwiatkowski
Grabowski Pawłowski Nowakowski Michalski Wróblewski Jabłoński Majewski Olszewski Malinowski Jaworski Adamski
Rutkowski Sikorski Ostrowski Tomaszewski Zalewski Wasilewski Czerwiński Borkowski Sokołowski Sadowski Górski
Laskowski Zawadzki Witkowski Walkowski Kalinowski Makowski Szczepański Piotrowski Krajewski Bielecki Urbański
Wysocki Maciejewski Kołodziejski Błaszczyński Sawicki Kubiński Gajewski Kaczmarski Lipiński Żukowski`)

export const polishPlain = list(`
Nowak Wójcik Kowalczyk Woźniak Mazur Krawczyk Kaczmarek Zając Król Wieczorek Wróbel Stępień Dudek Pawlak Adamczyk
Sikora Walczak Baran Duda Szewczyk Bąk Pietrzak Marciniak Wilk Kubiak Lis Mazurek Kurek Kołodziej Kania Cieślak
Wrona Gołąb Kot Mróz Sowa Jarosz Kopeć Ptak Bednarz Szulc Kruk Polak Gajda Skiba Kozioł Pająk Owczarek Banaś Zięba`)
