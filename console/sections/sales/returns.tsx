import type { ComponentChildren } from 'preact'
import { Instant } from '../../kit/ui/cell.tsx'
import { formatNumber, formatPoints } from '../../kit/ui/format.ts'
import { Panel } from '../../kit/ui/panel.tsx'
import { Points } from '../../kit/ui/points.tsx'
import { linkTo, useShell } from '../../kit/ui/shell-context.ts'
import type { ReturnedSale, SaleProgram, SaleRecord, SaleReturn } from './record.ts'
import type { SalesTexts } from './words.ts'

/** Thousandths as people count: whole where they are whole. */
export const quantityText = (milli: number): string => formatNumber(milli / 1000, milli % 1000 === 0 ? 0 : 3)

/** Thousandths of a line that have come back. */
export const broughtBack = (returns: readonly SaleReturn[], line: number): number =>
  returns.flatMap(({ units }) => units).reduce((sum, each) => (each.line === line ? sum + each.quantityMilli : sum), 0)

interface ReturnsProps {
  readonly judged: SaleProgram
  readonly sale: SaleRecord
  readonly texts: SalesTexts
  readonly zone: string
}

/** What came back of this sale: when, where, how much of which line, and what that moved. */
export const Returns = ({ judged, sale, texts, zone }: ReturnsProps) => {
  const text = texts.sale.returns
  if (judged.returns.length === 0) return null
  return (
    <Panel title={text.title} aside={<span class="muted">{text.count(judged.returns.length)}</span>}>
      <div class="scroll-x">
        <table class="ledger">
          <tbody>
            {judged.returns.map((each) => (
              <tr key={each.key}>
                <th scope="row">
                  <Instant iso={each.at} zone={zone} />
                  <span class="row-minor">
                    <DocumentLink
                      document={each}
                      program={judged.program}
                      missing={text.elsewhere}
                      waits={each.waits}
                    />
                    {each.outlet === null || each.outlet === sale.place.outlet ? null : ` · ${each.outlet}`}
                  </span>
                </th>
                <td>
                  {each.waits ? (
                    <span class="muted">{text.waits}</span>
                  ) : (
                    each.units.map(({ line, quantityMilli }) => (
                      <div key={line}>
                        {quantityText(quantityMilli)} × {lineName(sale, line, texts)}
                      </div>
                    ))
                  )}
                </td>
                <td class="right">
                  {each.points
                    .filter(({ to }) => to === 'customer')
                    .map(({ pointType, points, scale }) => (
                      <div key={`${pointType}${points > 0}`}>
                        <Points value={{ points, scale }} sign />
                      </div>
                    ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}

const lineName = ({ receipt }: SaleRecord, line: number, texts: SalesTexts): string =>
  receipt?.lines.find(({ number }) => number === line)?.name ?? texts.sale.receipt.line(line)

interface LinkProps {
  readonly document: { readonly id: string | null; readonly number: string | null }
  readonly program: string
  /** In place of a number that is not for the reader. */
  readonly missing: string
  readonly waits?: boolean
}

const DocumentLink = ({ document: { id, number }, program, missing, waits = false }: LinkProps) => {
  const { scope } = useShell()
  if (waits) return null
  if (id === null) return <>{missing}</>
  return (
    <a class="code" href={linkTo(`/sales/${id}`, { scope, program })}>
      {number}
    </a>
  )
}

interface ReturnedProps {
  readonly judged: SaleProgram
  readonly texts: SalesTexts
  readonly zone: string
}

/** What this return took back, of which sale, and what could not be had any more. */
export const Returned = ({ judged, texts, zone }: ReturnedProps) => {
  const text = texts.sale.returns
  const { returned } = judged
  if (returned === null) return null
  const { sale, named, reason, units, vouchers } = returned
  return (
    <Panel title={text.tookBack}>
      <dl class="facts">
        <Fact label={text.sale}>
          {sale === null ? (
            <>
              {named === null ? null : <span class="code">{named}</span>} <span class="muted">{text.unknown}</span>
            </>
          ) : (
            <>
              <DocumentLink document={sale} program={judged.program} missing={text.elsewhere} />{' '}
              <span class="muted">
                <Instant iso={sale.at} zone={zone} />
                {sale.outlet === null ? '' : ` · ${sale.outlet}`}
              </span>
            </>
          )}
        </Fact>
        {reason === null ? null : <Fact label={text.reason}>{text.reasons[reason] ?? reason}</Fact>}
        {sale === null ? null : (
          <Fact label={text.goods}>
            {units.length === 0 ? <span class="muted">{text.noGoods}</span> : null}
            {units.map(({ line, name, quantityMilli, ofMilli }) => (
              <div key={line}>
                {ofMilli === null
                  ? quantityText(quantityMilli)
                  : text.of(quantityText(quantityMilli), quantityText(ofMilli))}{' '}
                × {name ?? texts.sale.receipt.line(line)}
              </div>
            ))}
          </Fact>
        )}
        {vouchers.length === 0 ? null : (
          <Fact label={text.vouchers}>
            {vouchers.map(({ kind, last }) => (
              <div key={`${kind}${last}`}>
                <span class="code">···{last}</span>
              </div>
            ))}
          </Fact>
        )}
      </dl>
      <Shortages returned={returned} texts={texts} />
    </Panel>
  )
}

const Fact = ({ label, children }: { readonly label: string; readonly children: ComponentChildren }) => (
  <div>
    <dt>{label}</dt>
    <dd>{children}</dd>
  </div>
)

/** Why less was taken than the sale had given: each beneficiary in a sentence. */
const Shortages = ({ returned, texts }: { readonly returned: ReturnedSale; readonly texts: SalesTexts }) => {
  const text = texts.sale.returns
  const short = returned.taken.filter(({ owed, uncollected, expired }) => owed + uncollected + expired > 0)
  if (short.length === 0) return null
  return (
    <ul class="notices">
      {short.map(({ to, pointType, scale, owed, uncollected, expired }) => {
        const show = (points: number): string => formatPoints({ points, scale })
        return (
          <li key={`${to}${pointType}`} class="note">
            {texts.sale.judged.to[to]}:{' '}
            {[
              ...(owed === 0 ? [] : [text.owed(show(owed))]),
              ...(uncollected === 0 ? [] : [text.uncollected(show(uncollected))]),
              ...(expired === 0 ? [] : [text.expired(show(expired))]),
            ].join('; ')}
          </li>
        )
      })}
    </ul>
  )
}
