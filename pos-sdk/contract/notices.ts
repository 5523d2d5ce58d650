/** Every notice: what was odd about a booked sale. It never stops the booking. Texts are what a cashier reads. */

export type Language = 'pl' | 'en' | 'ro'

interface Row<Code extends string> {
  readonly code: Code
  readonly severity: 'info' | 'warn'
  readonly texts: Readonly<Record<Language, string>>
}

const row = <Code extends string>(
  code: Code,
  severity: 'info' | 'warn',
  texts: Readonly<Record<Language, string>>,
): Row<Code> => ({ code, severity, texts })

export const notices = /* @__PURE__ */ [
  row('card_unknown', 'info', {
    pl: 'Nieznana karta: punkty po rejestracji w ciągu 60 dni',
    en: 'Unknown card: points follow when it is registered within 60 days',
    ro: 'Card necunoscut: punctele vin după înregistrare în 60 de zile',
  }),
  row('card_blocked', 'warn', {
    pl: 'Karta zablokowana: bez punktów',
    en: 'The card is blocked: no points',
    ro: 'Card blocat: fără puncte',
  }),
  row('card_expired', 'warn', {
    pl: 'Karta straciła ważność: bez punktów',
    en: 'The card has expired: no points',
    ro: 'Card expirat: fără puncte',
  }),
  row('second_member_ignored', 'info', {
    pl: 'Druga karta należy do innego uczestnika i została pominięta',
    en: 'The second card belongs to another member and was left out',
    ro: 'Al doilea card aparține altui membru și a fost ignorat',
  }),
  row('own_card', 'warn', {
    pl: 'Pracownik użył własnej karty',
    en: 'The staff used a card of their own',
    ro: 'Angajatul a folosit propriul card',
  }),
  row('staff_unknown', 'info', {
    pl: 'Nieznany pracownik: bez punktów dla niego',
    en: 'Unknown staff: no points for them',
    ro: 'Angajat necunoscut: fără puncte pentru el',
  }),
  row('product_unknown', 'info', {
    pl: 'Nieznany produkt: reguły kategorii go nie obejmują',
    en: 'Unknown product: category rules do not reach it',
    ro: 'Produs necunoscut: regulile pe categorii nu i se aplică',
  }),
  row('program_suspended', 'warn', {
    pl: 'Program jest zawieszony',
    en: 'The program is suspended',
    ro: 'Programul este suspendat',
  }),
  row('program_closed', 'info', {
    pl: 'Program jest zakończony',
    en: 'The program is closed',
    ro: 'Programul este închis',
  }),
  row('program_not_started', 'info', {
    pl: 'Program jeszcze się nie rozpoczął',
    en: 'The program has not started yet',
    ro: 'Programul nu a început încă',
  }),
  row('outlet_not_in_program', 'info', {
    pl: 'Placówka nie należała wtedy do programu',
    en: 'The outlet was not in the program at that time',
    ro: 'Punctul de lucru nu era atunci în program',
  }),
  row('sale_too_old', 'warn', {
    pl: 'Transakcja jest za stara na punkty',
    en: 'The sale is too old for points',
    ro: 'Tranzacția este prea veche pentru puncte',
  }),
  row('clock_wrong', 'warn', {
    pl: 'Zegar kasy spieszy się: przyjęto czas serwera',
    en: 'The clock of the till is ahead: the time of arrival was used',
    ro: 'Ceasul casei este înainte: s-a folosit ora sosirii',
  }),
  row('currency_differs', 'warn', {
    pl: 'Waluta transakcji jest inna niż programu',
    en: 'The currency of the sale is not that of the program',
    ro: 'Moneda tranzacției diferă de cea a programului',
  }),
  row('voucher_gone', 'warn', {
    pl: 'Kupon był już wykorzystany lub nieważny',
    en: 'The voucher was already used or no longer valid',
    ro: 'Voucherul era deja folosit sau expirat',
  }),
  row('points_short', 'warn', {
    pl: 'Na koncie nie było już tylu punktów',
    en: 'There were no longer as many points',
    ro: 'Nu mai erau atâtea puncte',
  }),
  row('price_not_as_steered', 'info', {
    pl: 'Cena w kasie jest inna niż wyznaczona',
    en: 'The price at the till is not the steered one',
    ro: 'Prețul la casă diferă de cel stabilit',
  }),
  row('law_forbids', 'info', {
    pl: 'Przepisy nie pozwalają na korzyść od tej pozycji',
    en: 'The law allows no benefit on this line',
    ro: 'Legea nu permite beneficii pentru acest produs',
  }),
  row('estimate_differs', 'info', {
    pl: 'Wynik różni się od podanego przy kasie',
    en: 'The result differs from what the till had told',
    ro: 'Rezultatul diferă de cel comunicat la casă',
  }),
  row('balance_full', 'warn', {
    pl: 'Na koncie nie mieści się więcej punktów',
    en: 'The balance can hold no more points: none for this sale',
    ro: 'Soldul nu mai poate cuprinde alte puncte',
  }),
  row('points_worth_less', 'warn', {
    pl: 'Punkty są warte mniej, niż za nie odliczono',
    en: 'The points are worth less than was taken off for them',
    ro: 'Punctele valorează mai puțin decât s-a scăzut pentru ele',
  }),
  row('voucher_short', 'warn', {
    pl: 'Kupon jest wart mniej, niż za niego odliczono',
    en: 'The voucher is worth less than was taken off for it',
    ro: 'Voucherul valorează mai puțin decât s-a scăzut pentru el',
  }),
  row('original_unknown', 'info', {
    pl: 'Nie znaleziono transakcji do tego zwrotu: punkty bez zmian',
    en: 'The sale of this return is not known: no points change',
    ro: 'Tranzacția acestui retur nu este cunoscută: punctele rămân la fel',
  }),
  row('returned_too_much', 'warn', {
    pl: 'Zwrócono więcej, niż zostało z transakcji: nadwyżkę pominięto',
    en: 'More came back than was left of the sale: the rest was left out',
    ro: 'S-a returnat mai mult decât rămăsese din tranzacție: restul a fost ignorat',
  }),
  row('return_line_unknown', 'warn', {
    pl: 'Tej pozycji nie ma w transakcji: jej zwrot nie zmienia punktów',
    en: 'The sale has no such line: its return changes no points',
    ro: 'Tranzacția nu are acest rând: returul lui nu schimbă punctele',
  }),
  row('points_uncollected', 'info', {
    pl: 'Na koncie nie było już tylu punktów: reszty nie cofnięto',
    en: 'There were no longer as many points to take back: the rest is waived',
    ro: 'Nu mai erau atâtea puncte de retras: restul nu s-a mai retras',
  }),
  row('points_paid_in_money', 'info', {
    pl: 'Za wymienione punkty oddano pieniądze: punkty nie wracają',
    en: 'Money was paid back for the points spent: no points come back',
    ro: 'Pentru punctele folosite s-au dat bani înapoi: punctele nu revin',
  }),
] as const

export type NoticeCode = (typeof notices)[number]['code']

const noticeOf: ReadonlyMap<string, Row<NoticeCode>> = /* @__PURE__ */ new Map(notices.map((each) => [each.code, each]))

/** A notice as it travels. @example noticeText('card_blocked', 'en').severity // 'warn' */
export const noticeText = (
  code: NoticeCode,
  language: Language,
): { readonly code: NoticeCode; readonly severity: 'info' | 'warn'; readonly text: string } => {
  const found = noticeOf.get(code)
  if (found === undefined) throw new TypeError(`no notice has the code ${code}`)
  return { code, severity: found.severity, text: found.texts[language] }
}
