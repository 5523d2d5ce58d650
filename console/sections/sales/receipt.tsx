import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { formatAmount, formatMoney, formatPoints } from '../../kit/ui/format.ts'
import { Points } from '../../kit/ui/points.tsx'
import type { AppliedRule, Receipt, ReceiptLine, SaleProgram, SaleRecord } from './record.ts'
import { RuleWhy } from './judged.tsx'
import { broughtBack, quantityText } from './returns.tsx'
import type { SalesTexts } from './words.ts'

interface StripProps {
  readonly sale: SaleRecord
  readonly judged: SaleProgram
  readonly texts: SalesTexts
  readonly currency: string
  readonly head: ComponentChildren
}

/** The sale as the customer holds it: a narrow strip with a torn edge, the points of each line in its margin. */
export const ReceiptStrip = ({ sale, judged, texts, currency, head }: StripProps) => {
  const { receipt, totals } = sale
  const text = texts.sale.receipt
  const nameless = receipt?.lines.some((line) => line.name === null) === true
  return (
    <section class="receipt" aria-label={text.title}>
      <div class="strip-head">
        {head}
        <span>{sale.isReturn ? text.isReturn : receipt === null ? '' : text.kinds[receipt.kind]}</span>
      </div>
      {receipt === null ? (
        <p class="strip-note">{text.redacted}</p>
      ) : (
        <Lines receipt={receipt} lowest={sale.lowestPrices} judged={judged} texts={texts} currency={currency} />
      )}
      {nameless ? <p class="strip-note">{text.namesKept}</p> : null}
      <dl class="strip-totals">
        <Total label={text.gross} amountMinor={totals.grossMinor} />
        <Total label={text.reduction} amountMinor={-totals.reductionMinor} optional />
        <Total label={text.reimbursed} amountMinor={-totals.reimbursedMinor} optional />
        <Total label={text.rounding} amountMinor={totals.roundingMinor} optional />
        <div class="payable">
          <dt>{sale.isReturn ? text.total : text.payable}</dt>
          <dd>{formatMoney({ amountMinor: totals.payableMinor, currency })}</dd>
        </div>
        {receipt?.tenders.map((tender, index) => (
          <Total
            key={`${tender.kind}${index}`}
            label={text.tenders[tender.kind] ?? tender.kind}
            amountMinor={tender.amountMinor}
          />
        ))}
      </dl>
    </section>
  )
}

const Total = ({ label, amountMinor, optional }: { label: string; amountMinor: number; optional?: true }) =>
  optional === true && amountMinor === 0 ? null : (
    <div>
      <dt>{label}</dt>
      <dd>{formatAmount(amountMinor)}</dd>
    </div>
  )

/** What the customer's main points of a line come from. */
const sharesOf = (
  judged: SaleProgram,
  line: number,
): readonly { readonly rule: AppliedRule; readonly points: number }[] =>
  judged.applied.flatMap((rule) => {
    if (rule.to !== 'customer') return []
    const points = rule.shares.reduce((sum, share) => (share.line === line ? sum + share.points : sum), 0)
    return points === 0 ? [] : [{ rule, points }]
  })

interface LinesProps extends Pick<StripProps, 'judged' | 'texts' | 'currency'> {
  readonly receipt: Receipt
  readonly lowest: SaleRecord['lowestPrices']
}

const Lines = ({ receipt, lowest, judged, texts, currency }: LinesProps) => {
  const [open, setOpen] = useState<number | undefined>()
  return (
    <ol class="strip-lines">
      {receipt.lines.map((line) => (
        <Line
          key={line.number}
          line={line}
          lowestMinor={lowest[line.number]}
          shares={sharesOf(judged, line.number)}
          backMilli={broughtBack(judged.returns, line.number)}
          texts={texts}
          currency={currency}
          open={open === line.number}
          onToggle={() => setOpen(open === line.number ? undefined : line.number)}
        />
      ))}
      {receipt.adjustments.map((each, index) => (
        <li key={`a${index}`} class="strip-line">
          <span class="strip-name">{texts.sale.receipt.by[each.by] ?? each.by}</span>
          <span class="strip-amount">{formatAmount(-each.amountMinor)}</span>
        </li>
      ))}
    </ol>
  )
}

interface LineProps {
  readonly line: ReceiptLine
  /** Before its price cuts. */
  readonly lowestMinor: number | undefined
  readonly shares: ReturnType<typeof sharesOf>
  /** Thousandths that have come back. */
  readonly backMilli: number
  readonly texts: SalesTexts
  readonly currency: string
  readonly open: boolean
  readonly onToggle: () => void
}

const Line = ({ line, lowestMinor, shares, backMilli, texts, currency, open, onToggle }: LineProps) => {
  const text = texts.sale.receipt
  const scale = shares[0]?.rule.scale ?? 0
  const points = { points: shares.reduce((sum, share) => sum + share.points, 0), scale }
  const whyId = `why-${line.number}`
  return (
    <li class="strip-line">
      <span class="strip-name">{line.name ?? text.line(line.number)}</span>
      <span class="strip-amount">
        {formatAmount(line.grossMinor)} <span class="vat">{line.vat}</span>
      </span>
      <span class="strip-minor">
        {quantityText(line.quantityMilli)} × {formatAmount(line.unitPriceMinor)}
        {line.reductionMinor === 0 ? null : <span>{` · ${text.reduction} ${formatAmount(-line.reductionMinor)}`}</span>}
        {line.reimbursedMinor === 0 ? null : (
          <span>{` · ${text.reimbursed} ${formatAmount(-line.reimbursedMinor)}`}</span>
        )}
      </span>
      {lowestMinor === undefined ? null : <span class="strip-minor">{text.lowest(formatAmount(lowestMinor))}</span>}
      {backMilli === 0 ? null : (
        <span class="strip-minor">
          {texts.sale.returns.lineBack(quantityText(backMilli), quantityText(line.quantityMilli))}
        </span>
      )}
      {shares.length === 0 ? null : (
        <button
          type="button"
          class="strip-points"
          aria-expanded={open}
          aria-controls={whyId}
          aria-label={text.why(formatPoints(points), line.number)}
          onClick={onToggle}
        >
          <Points value={points} sign />
        </button>
      )}
      <div id={whyId} class="strip-why" hidden={!open}>
        {shares.map(({ rule, points: share }) => (
          <RuleWhy
            key={`${rule.rule}${rule.version}`}
            rule={rule}
            texts={texts}
            points={{ points: share, scale: rule.scale }}
            whole={rule.points ?? 0}
            currency={currency}
          />
        ))}
      </div>
    </li>
  )
}
