import { addMonths } from '@premia/rules'
import { localDate } from '../../kit/model/zoned-time.ts'
import { BarChart } from '../../kit/ui/bar-chart.tsx'
import { formatDate, formatLastDay, formatLocalDate, formatNumber, formatPoints } from '../../kit/ui/format.ts'
import { Panel } from '../../kit/ui/panel.tsx'
import { Points } from '../../kit/ui/points.tsx'
import { linkTo, useShell } from '../../kit/ui/shell-context.ts'
import type { MemberAccount, MemberLot, Movement } from './record.ts'
import type { MembersTexts } from './words.ts'

interface AccountProps {
  readonly account: MemberAccount
  readonly texts: MembersTexts
  readonly zone: string
  readonly program: string
  /** The member has accounts of several point types: each says which. */
  readonly several: boolean
}

/** One point type of a member: when it expires, in which lots it lies, how it came and went. */
export const Account = (props: AccountProps) => {
  const { account, texts, several } = props
  const text = texts.member
  const named = (title: string): string => (several ? `${title} · ${account.pointType}` : title)
  return (
    <>
      {account.expired > 0 ? (
        <p class="note warn">{text.expired(formatPoints({ points: account.expired, scale: account.scale }))}</p>
      ) : null}
      {account.debt > 0 ? (
        <p class="note warn">{text.debtHint(formatPoints({ points: account.debt, scale: account.scale }))}</p>
      ) : null}
      <Panel title={named(text.expiry)}>
        {account.lots.length === 0 ? <p class="muted">{text.noLots}</p> : <ExpiryChart {...props} />}
      </Panel>
      {account.lots.length === 0 ? null : (
        <Panel title={named(text.lots)} aside={<span class="muted">{text.lotsOf(account.lots.length)}</span>}>
          <Lots {...props} />
        </Panel>
      )}
      <Panel title={named(text.movements)}>
        <Ledger {...props} />
      </Panel>
    </>
  )
}

const monthsShown = 13

const ExpiryChart = ({ account, texts, zone }: AccountProps) => {
  const text = texts.member
  const { lots, scale } = account
  const thisMonth = `${localDate(Date.now(), zone).slice(0, 7)}-01`
  const months = Array.from({ length: monthsShown }, (_, index) => addMonths(thisMonth, index).slice(0, 7))
  const monthOf = (lot: MemberLot): string => {
    if (lot.expiresAt === null) return 'never'
    const month = localDate(Date.parse(lot.expiresAt) - 1, zone).slice(0, 7)
    return months.includes(month) ? month : 'later'
  }
  const sums = new Map<string, number>()
  for (const lot of lots) sums.set(monthOf(lot), (sums.get(monthOf(lot)) ?? 0) + lot.remaining)
  const show = (points: number): string => formatPoints({ points, scale })
  const extra = (['later', 'never'] as const).filter((key) => sums.has(key))
  return (
    <BarChart
      summary={`${text.expiry}: ${[...sums].map(([month, points]) => `${month} ${show(points)}`).join(', ')}`}
      step={text.expires}
      up={text.left}
      format={show}
      cell={(points) => <Points value={{ points, scale }} />}
      bars={[...months, ...extra].map((month, index) => {
        const named =
          month === 'later' ? '…' : month === 'never' ? '∞' : formatLocalDate(`${month}-01`, { month: 'short' })
        return {
          key: month,
          label: month.length === 7 ? formatLocalDate(`${month}-01`, { month: 'long', year: 'numeric' }) : named,
          tick: index % 2 === 0 || month.length !== 7 ? named : undefined,
          up: sums.get(month) ?? 0,
        }
      })}
    />
  )
}

const lotsShown = 12

const Lots = ({ account, texts, zone, program }: AccountProps) => {
  const text = texts.member
  const { scope } = useShell()
  const shown = account.lots.slice(0, lotsShown)
  return (
    <div class="scroll-x">
      <table class="ledger">
        <thead>
          <tr>
            <th scope="col">{text.expires}</th>
            <th scope="col">{text.earned}</th>
            <th scope="col" class="right">
              {text.left}
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((lot) => (
            <tr key={lot.id}>
              <th scope="row">{lot.expiresAt === null ? text.never : formatLastDay(lot.expiresAt, zone)}</th>
              <td>
                {lot.sale === null ? (
                  formatDate(lot.earnedAt, zone)
                ) : (
                  <a href={linkTo(`/sales/${lot.sale}`, { scope, program })}>{formatDate(lot.earnedAt, zone)}</a>
                )}
                {lot.pending ? <span class="muted"> · {text.active(formatDate(lot.activeFrom, zone))}</span> : null}
              </td>
              <td class="right">
                <Points value={{ points: lot.remaining, scale: account.scale }} />
                {lot.remaining === lot.amount ? null : (
                  <span class="unit">{text.of(formatPoints({ points: lot.amount, scale: account.scale }))}</span>
                )}
              </td>
            </tr>
          ))}
          {account.lots.length > lotsShown ? (
            <tr>
              <th scope="row" colSpan={2} class="muted">
                + {formatNumber(account.lots.length - lotsShown)}
              </th>
              <td class="right muted">
                <Points
                  value={{
                    points: account.lots.slice(lotsShown).reduce((sum, lot) => sum + lot.remaining, 0),
                    scale: account.scale,
                  }}
                />
              </td>
            </tr>
          ) : null}
        </tbody>
      </table>
    </div>
  )
}

/** Movements as a ledger: date, text, in, out, and the balance after each in bold. */
const Ledger = ({ account, texts, zone, program }: AccountProps) => {
  const text = texts.member
  if (account.movements.length === 0) return <p class="muted">{text.noMovements}</p>
  return (
    <div class="scroll-x">
      <table class="ledger">
        <thead>
          <tr>
            <th scope="col">{text.date}</th>
            <th scope="col">{text.text}</th>
            <th scope="col" class="right">
              {text.in}
            </th>
            <th scope="col" class="right">
              {text.out}
            </th>
            <th scope="col" class="right">
              {text.after}
            </th>
          </tr>
        </thead>
        <tbody>
          {account.movements.map((movement) => (
            <LedgerRow
              key={movement.id}
              movement={movement}
              scale={account.scale}
              texts={texts}
              zone={zone}
              program={program}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface RowProps extends Pick<AccountProps, 'texts' | 'zone' | 'program'> {
  readonly movement: Movement
  readonly scale: number
}

const LedgerRow = ({ movement, scale, texts, zone, program }: RowProps) => {
  const text = texts.member
  const { scope } = useShell()
  const { sale, number, reason, amount, after } = movement
  return (
    <tr>
      <th scope="row">{formatDate(movement.at, zone)}</th>
      <td>
        {text.kinds[movement.kind] ?? movement.kind}
        {sale === null ? null : (
          <>
            , <a href={linkTo(`/sales/${sale}`, { scope, program })}>{text.receipt(number ?? '')}</a>
          </>
        )}
        {reason === null ? null : <span class="muted"> · {reason}</span>}
      </td>
      <td class="right">{amount > 0 ? <Points value={{ points: amount, scale }} /> : ''}</td>
      <td class="right">{amount < 0 ? <Points value={{ points: -amount, scale }} /> : ''}</td>
      <td class="right">
        <strong>
          <Points value={{ points: after, scale }} />
        </strong>
      </td>
    </tr>
  )
}
