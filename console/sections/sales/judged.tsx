import type { PointsCell } from '../../kit/model/wire.ts'
import { formatAmount, formatMoney, formatPoints } from '../../kit/ui/format.ts'
import { language } from '../../kit/ui/language.ts'
import { Panel } from '../../kit/ui/panel.tsx'
import { Points } from '../../kit/ui/points.tsx'
import type { AppliedRule, SaleProgram } from './record.ts'
import type { SalesTexts } from './words.ts'

interface WhyProps {
  readonly rule: AppliedRule
  readonly texts: SalesTexts
  readonly points: PointsCell
  /** All that the rule gave; more than `points` where those are one line's share. */
  readonly whole: number
  readonly currency: string
}

/** One rule in words: its name, its sentence, what it was computed from, and what a limit took. */
export const RuleWhy = ({ rule, texts, points, whole, currency }: WhyProps) => {
  const text = texts.sale.judged
  const base =
    rule.baseMinor === null || rule.basis === null
      ? undefined
      : text.base(formatAmount(rule.baseMinor), text.bases[rule.basis] ?? rule.basis)
  return (
    <div class="why">
      <p class="why-head">
        <strong>{rule.name}</strong>
        {points.points === 0 && rule.amountMinor !== null ? (
          formatMoney({ amountMinor: -rule.amountMinor, currency })
        ) : (
          <Points value={points} sign />
        )}
      </p>
      <p>{rule.sentence[language.value]}</p>
      <p class="muted">
        {[
          base,
          whole === points.points ? undefined : text.whole(formatPoints({ points: whole, scale: rule.scale })),
          rule.wanted === null ? undefined : text.cut(formatPoints({ points: rule.wanted, scale: rule.scale })),
        ]
          .filter((part) => part !== undefined)
          .join(' · ')}
      </p>
    </div>
  )
}

interface JudgedProps {
  readonly judged: SaleProgram
  readonly texts: SalesTexts
  readonly currency: string
  readonly memberHref: string | undefined
}

/** What one program made of the sale: who got what, and which rules said so. */
export const Judged = ({ judged, texts, currency, memberHref }: JudgedProps) => {
  const text = texts.sale.judged
  const given = judged.applied.filter((rule) => (rule.points ?? 0) !== 0 || (rule.amountMinor ?? 0) !== 0)
  return (
    <Panel title={text.title}>
      <table class="ledger">
        <tbody>
          {judged.awards.map((award) => (
            <tr key={`${award.to}${award.pointType}${award.points < 0}`}>
              <th scope="row">
                {award.to === 'customer' && judged.member !== null ? (
                  <>
                    {text.to.customer}{' '}
                    {memberHref === undefined ? judged.member.label : <a href={memberHref}>{judged.member.label}</a>}
                  </>
                ) : (
                  text.to[award.to]
                )}
              </th>
              <td class="muted">{award.pointType}</td>
              <td class="right">
                <Points value={award} sign />
              </td>
            </tr>
          ))}
          {judged.member !== null && !judged.awards.some((award) => award.to === 'customer') ? (
            <tr>
              <th scope="row">
                {text.to.customer}{' '}
                {memberHref === undefined ? judged.member.label : <a href={memberHref}>{judged.member.label}</a>}
              </th>
              <td class="muted right" colSpan={2}>
                {texts.sale.receipt.nothing}
              </td>
            </tr>
          ) : null}
          {judged.member === null ? (
            <tr>
              <th scope="row" class="muted" colSpan={3}>
                {text.noMember}
              </th>
            </tr>
          ) : null}
        </tbody>
      </table>
      <h3>{judged.returned === null ? text.rules : text.rulesBack}</h3>
      {given.length === 0 ? <p class="muted">{text.noRules}</p> : null}
      {given.map((rule, index) => (
        <div key={`${rule.rule}${index}`} class="why-row">
          <span class="muted why-to">{rule.to === null ? '' : text.to[rule.to]}</span>
          <RuleWhy
            rule={rule}
            texts={texts}
            points={{ points: rule.points ?? 0, scale: rule.scale }}
            whole={rule.points ?? 0}
            currency={currency}
          />
        </div>
      ))}
    </Panel>
  )
}
