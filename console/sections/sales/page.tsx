import { useLocation } from 'preact-iso'
import { useState } from 'preact/hooks'
import { Money } from '../../kit/ui/cell.tsx'
import { Facts } from '../../kit/ui/facts.tsx'
import { formatCode, formatDate, formatMoney, formatTime } from '../../kit/ui/format.ts'
import { language, words } from '../../kit/ui/language.ts'
import { Panel } from '../../kit/ui/panel.tsx'
import { Points } from '../../kit/ui/points.tsx'
import type { CellProps, RecordAnswer, RecordProps, SectionPage } from '../../kit/ui/section-page.ts'
import { linkTo, programInfo, useShell } from '../../kit/ui/shell-context.ts'
import { type Figure, Statement } from '../../kit/ui/statement.tsx'
import { Timeline, type TimelineItem } from '../../kit/ui/timeline.tsx'
import type { MoneyCell, RefCell } from '../../kit/model/wire.ts'
import { Judged } from './judged.tsx'
import { ReceiptStrip } from './receipt.tsx'
import { Returned, Returns } from './returns.tsx'
import { Waiting } from './waiting.tsx'
import type { SaleRecord } from './record.ts'
import type { SalesTexts } from './words.ts'

const SalePage = ({ answer, loaded }: RecordProps) => {
  const { more, rows } = answer as RecordAnswer<SaleRecord>
  const texts = loaded.texts as unknown as SalesTexts
  const shell = useShell()
  const { query } = useLocation()
  // The row one came from says which program's view is wanted first.
  const [program, setProgram] = useState(query['program'] ?? '')
  const judged = more.programs.find((each) => each.program === program) ?? more.programs[0]
  const row = rows.find((each) => each.program === judged?.program) ?? rows[0]
  const info = programInfo(shell.me, judged?.program)
  if (row === undefined || judged === undefined) return null
  const zone = more.place.zone ?? info?.zone ?? shell.zone
  const currency = (row.cells['gross'] as MoneyCell).currency
  return (
    <>
      <Statement figures={figuresOf(more, texts, { currency, points: judged.awards })} />
      {more.programs.length < 2 ? null : (
        <div class="segments programs" role="group" aria-label={texts.sale.judged.title}>
          {more.programs.map((each) => (
            <button
              key={each.program}
              type="button"
              aria-pressed={each.program === judged.program}
              onClick={() => setProgram(each.program)}
            >
              {programInfo(shell.me, each.program)?.name}
            </button>
          ))}
        </div>
      )}
      <div class="sale">
        <ReceiptStrip
          sale={more}
          judged={judged}
          texts={texts}
          currency={currency}
          head={
            <>
              <strong>{more.place.outlet}</strong>
              <span>{[more.place.code, more.place.city].filter(Boolean).join(' · ')}</span>
              <span>
                {formatDate(row.cells['occurredAt'] as string, zone)}{' '}
                {formatTime(row.cells['occurredAt'] as string, zone)}
              </span>
              <span>{label(row.cells['terminal'])}</span>
              <span>{label(row.cells['staff'])}</span>
            </>
          }
        />
        <div class="sale-side">
          <Judged
            judged={judged}
            texts={texts}
            currency={currency}
            memberHref={memberHref(judged.member, shell.scope)}
          />
          <Returned judged={judged} texts={texts} zone={zone} />
          <Returns judged={judged} sale={more} texts={texts} zone={zone} />
          <Panel title={texts.sale.judged.notices}>
            <Notices judged={judged} currency={currency} texts={texts} />
          </Panel>
          <Panel title={words.value.record.facts}>
            <Facts loaded={loaded} row={row} />
          </Panel>
          <SaleTimeline more={more} answer={answer} texts={texts} zone={zone} />
        </div>
      </div>
    </>
  )
}

const label = (cell: unknown): string =>
  typeof cell === 'object' && cell !== null && 'label' in cell ? String(cell.label) : ''

const memberHref = (member: RefCell | null, scope: string | undefined): string | undefined =>
  member === null ? undefined : linkTo(`/members/${member.id}`, { scope })

type Sum = SaleRecord['programs'][number]['awards'][number]

const figuresOf = (
  { totals }: SaleRecord,
  texts: SalesTexts,
  { currency, points }: { readonly currency: string; readonly points: readonly Sum[] },
): readonly Figure[] => {
  const money = (name: string, title: string, amountMinor: number): Figure => ({
    name,
    label: title,
    value: <Money value={{ amountMinor, currency }} />,
  })
  const earned = points.filter((each) => each.to === 'customer')
  return [
    money('gross', texts.fields.gross.label, totals.grossMinor),
    ...(totals.reductionMinor === 0 ? [] : [money('reduction', texts.fields.reduction.label, -totals.reductionMinor)]),
    ...(totals.reimbursedMinor === 0
      ? []
      : [money('reimbursed', texts.fields.reimbursed.label, -totals.reimbursedMinor)]),
    money('paid', texts.fields.paid.label, totals.payableMinor),
    {
      name: 'points',
      label: texts.fields.points.label,
      value: (
        <Points
          value={{ points: earned.reduce((sum, each) => sum + each.points, 0), scale: earned[0]?.scale ?? 0 }}
          sign
        />
      ),
    },
  ]
}

const Notices = ({
  judged,
  currency,
  texts,
}: {
  judged: SaleRecord['programs'][number]
  currency: string
  texts: SalesTexts
}) => {
  if (judged.notices.length + judged.shortfalls.length === 0) return <p class="muted">–</p>
  return (
    <ul class="notices">
      {judged.notices.map((notice) => (
        <li key={notice.code} class={`note ${notice.severity === 'warn' ? 'warn' : ''}`}>
          {notice.line === null ? '' : `${texts.sale.receipt.line(notice.line)}: `}
          {notice.texts[language.value]}
        </li>
      ))}
      {judged.shortfalls.map((each, index) => (
        <li key={`short${index}`} class="note warn">
          {texts.sale.judged.shortfall(formatMoney({ amountMinor: each.amountMinor, currency }))}
        </li>
      ))}
    </ul>
  )
}

interface TimelineProps {
  readonly more: SaleRecord
  readonly answer: RecordProps['answer']
  readonly texts: SalesTexts
  readonly zone: string
}

/** Made, received, booked: the three times every sale has. */
const SaleTimeline = ({ more, answer, texts, zone }: TimelineProps) => {
  const { me } = useShell()
  const [row] = answer.rows
  if (row === undefined) return null
  const returns = new Map(more.programs.flatMap((each) => each.returns).map((each) => [each.key, each]))
  const items: readonly TimelineItem[] = [
    ...[...returns.values()]
      .filter(({ waits }) => !waits)
      .map(({ key, at, number }) => ({ id: key, at, text: texts.sale.events.returned(number ?? '') }))
      .reverse(),
    ...more.programs.map((each) => ({
      id: each.program,
      at: each.bookedAt,
      text: texts.sale.events.booked(programInfo(me, each.program)?.name ?? ''),
    })),
    { id: 'received', at: row.cells['receivedAt'] as string, text: texts.sale.events.received },
    { id: 'made', at: row.cells['occurredAt'] as string, text: texts.sale.events.made(label(row.cells['terminal'])) },
  ]
  return (
    <Panel title={words.value.record.timeline}>
      <Timeline items={items} zone={zone} />
    </Panel>
  )
}

/** A return is told by its sign and by the minus of its figures. */
const Number = ({ row, texts }: CellProps) => {
  const paid = row.cells['paid'] as MoneyCell | undefined
  const gross = row.cells['gross'] as MoneyCell | undefined
  const isReturn = (gross?.amountMinor ?? 0) < 0 || (paid?.amountMinor ?? 0) < 0
  const number = formatCode(row.cells['number'] as string)
  if (!isReturn) return <span class="code">{number}</span>
  return (
    <span class="code" title={texts.choices['kind']?.['return']}>
      <span aria-hidden="true">↩ </span>
      <span class="unseen">{texts.choices['kind']?.['return']} </span>
      {number}
    </span>
  )
}

export const page: SectionPage = {
  list: {
    live: true,
    several: true,
    aside: ({ texts }) => <Waiting texts={texts} />,
    cells: { number: (props) => <Number {...props} /> },
    widths: {
      // All of it stands on a screen of 1280 beside the menu; amounts are never cut, names are read whole by pointing.
      outlet: 'minmax(100px, 1.6fr)',
      terminal: 'minmax(83px, 0.8fr)',
      staff: 'minmax(76px, 1.1fr)',
      number: 'minmax(72px, 0.7fr)',
      member: 'minmax(76px, 1fr)',
      gross: 'minmax(95px, 0.5fr)',
      reimbursed: 'minmax(92px, 0.5fr)',
      paid: 'minmax(95px, 0.5fr)',
      points: 'minmax(64px, 0.4fr)',
      notices: 'minmax(56px, 0.3fr)',
    },
    narrow: { lead: ['outlet', 'occurredAt', 'number'], trail: ['paid', 'points'] },
  },
  record: SalePage,
}
