import type { ProgramInfo } from '../../kit/model/wire.ts'
import { Instant, Money } from '../../kit/ui/cell.tsx'
import { Panel } from '../../kit/ui/panel.tsx'
import { Points } from '../../kit/ui/points.tsx'
import { linkTo, useShell } from '../../kit/ui/shell-context.ts'
import type { MemberSale } from './record.ts'
import type { MembersTexts } from './words.ts'

interface SalesProps {
  readonly sales: readonly MemberSale[]
  readonly texts: MembersTexts
  readonly member: string
  readonly program: ProgramInfo
}

export const LatestSales = ({ sales, texts, member, program }: SalesProps) => {
  const { scope } = useShell()
  const filter = JSON.stringify({ field: 'member', is: 'in', value: [member] })
  return (
    <Panel
      title={texts.member.sales}
      aside={sales.length === 0 ? null : <a href={linkTo('/sales', { scope, filter })}>{texts.member.allSales}</a>}
    >
      {sales.length === 0 ? <p class="muted">{texts.member.noSales}</p> : null}
      <div class="scroll-x">
        <table class="ledger">
          <tbody>
            {sales.map((sale) => (
              <tr key={sale.id} class="link">
                <th scope="row">
                  <a href={linkTo(`/sales/${sale.id}`, { scope, program: program.id })}>
                    <Instant iso={sale.at} zone={program.zone} />
                  </a>
                </th>
                <td>
                  {sale.outlet}
                  {sale.isReturn ? <span class="muted"> · {texts.member.isReturn}</span> : null}
                </td>
                <td class="right">
                  <Money value={{ amountMinor: sale.paidMinor, currency: program.currency }} />
                </td>
                <td class="right">
                  <Points value={{ points: sale.points, scale: program.pointScale }} sign />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}
