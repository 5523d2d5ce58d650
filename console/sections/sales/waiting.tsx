import { useQuery } from '@tanstack/preact-query'
import { useLocation } from 'preact-iso'
import { getJson } from '../../kit/ui/api.ts'
import { Instant, Money } from '../../kit/ui/cell.tsx'
import type { SectionTexts } from '../../kit/model/texts.ts'
import { useShell } from '../../kit/ui/shell-context.ts'
import type { WaitingReturns } from './record.ts'
import type { SalesTexts } from './words.ts'

/** Returns that came before their sale: nothing of them is booked, so no row of the list shows them. */
export const Waiting = ({ texts }: { readonly texts: SectionTexts }) => {
  const { scope, zone } = useShell()
  const { query } = useLocation()
  const text = (texts as unknown as SalesTexts).sale.waiting
  const { fields } = texts
  const { data } = useQuery({
    queryKey: ['aside', 'sales', scope],
    queryFn: () => getJson<WaitingReturns>('/sections/sales/aside', { scope }),
    staleTime: 30_000,
  })
  if (data === undefined || data.count === 0) return null
  return (
    <details class="note waiting" open={query['waits'] !== undefined}>
      <summary>{text.title(data.count)}</summary>
      <p>{text.hint}</p>
      <div class="scroll-x">
        <table class="ledger">
          <thead>
            <tr>
              <th scope="col">{fields['number']?.label}</th>
              <th scope="col">{fields['outlet']?.label}</th>
              <th scope="col">{text.made}</th>
              <th scope="col">{fields['receivedAt']?.label}</th>
              <th scope="col" class="right">
                {fields['paid']?.label}
              </th>
            </tr>
          </thead>
          <tbody>
            {data.returns.map((each) => (
              <tr key={each.id} aria-current={each.id === query['waits'] ? 'true' : undefined}>
                <th scope="row" class="code">
                  {each.number}
                </th>
                <td>{each.outlet}</td>
                <td>
                  <Instant iso={each.at} zone={zone} />
                </td>
                <td>
                  <Instant iso={each.receivedAt} zone={zone} />
                </td>
                <td class="right">
                  <Money value={each.paid} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
