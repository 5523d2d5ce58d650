import { Instant } from '../../kit/ui/cell.tsx'
import { language } from '../../kit/ui/language.ts'
import { Panel } from '../../kit/ui/panel.tsx'
import { linkTo, useShell } from '../../kit/ui/shell-context.ts'
import type { TerminalDocument, TerminalTrouble } from './record.ts'
import type { TerminalsTexts } from './words.ts'

interface DocumentsProps {
  readonly documents: readonly TerminalDocument[]
  readonly texts: TerminalsTexts
  readonly zone: string
  readonly till: string
}

/** A minute is what a till on the network needs at most. */
const lateMinutes = ({ at, receivedAt }: TerminalDocument): number =>
  Math.floor((Date.parse(receivedAt) - Date.parse(at)) / 60_000)

/** What came last, and how long it had waited at the till. */
export const LatestDocuments = ({ documents, texts, zone, till }: DocumentsProps) => {
  const { scope } = useShell()
  const text = texts.terminal
  const filter = JSON.stringify({ field: 'terminal', is: 'in', value: [till] })
  return (
    <Panel
      title={text.documents}
      aside={documents.length === 0 ? null : <a href={linkTo('/sales', { scope, filter })}>{text.allDocuments}</a>}
    >
      {documents.length === 0 ? (
        <p class="muted">{text.noDocuments}</p>
      ) : (
        <div class="scroll-x">
          <table class="ledger">
            <thead>
              <tr>
                <th scope="col">{text.made}</th>
                <th scope="col">{text.received}</th>
              </tr>
            </thead>
            <tbody>
              {documents.map((document) => (
                <tr key={document.id} class="link">
                  <th scope="row">
                    <Instant iso={document.at} zone={zone} />{' '}
                    <a class="code" href={linkTo(`/sales/${document.id}`, { scope })}>
                      {document.number}
                    </a>
                    {document.isReturn ? <span class="muted"> · {text.isReturn}</span> : null}
                  </th>
                  <td>
                    <Instant iso={document.receivedAt} zone={zone} />
                    {lateMinutes(document) < 1 ? null : (
                      <span class="muted"> · {text.after(lateMinutes(document))}</span>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  )
}

interface TroublesProps extends Pick<DocumentsProps, 'texts' | 'zone'> {
  readonly troubles: readonly TerminalTrouble[]
}

/** Documents that were booked with a notice, and what it said. */
export const Troubles = ({ troubles, texts, zone }: TroublesProps) => {
  const { scope } = useShell()
  const text = texts.terminal
  return (
    <Panel title={text.troubles}>
      {troubles.length === 0 ? <p class="muted">{text.noTroubles}</p> : null}
      <ul class="notices">
        {troubles.map((trouble) => (
          <li key={trouble.id} class={`note ${trouble.notices.some(({ warns }) => warns) ? 'warn' : ''}`}>
            <Instant iso={trouble.at} zone={zone} />{' '}
            <a class="code" href={linkTo(`/sales/${trouble.id}`, { scope })}>
              {trouble.number}
            </a>{' '}
            {trouble.notices.map(({ texts: said }) => said[language.value]).join(' ')}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
