import { useState } from 'preact/hooks'
import { ActionDialog } from '../../kit/ui/action-dialog.tsx'
import { formatDate } from '../../kit/ui/format.ts'
import { Panel } from '../../kit/ui/panel.tsx'
import type { LoadedSection } from '../../kit/ui/section-page.ts'
import { useShell } from '../../kit/ui/shell-context.ts'
import { Status } from '../../kit/ui/status.tsx'
import type { MemberCard } from './record.ts'
import type { MembersTexts } from './words.ts'

interface CardsProps {
  readonly cards: readonly MemberCard[]
  readonly loaded: LoadedSection
  readonly texts: MembersTexts
  readonly zone: string
  readonly member: string
  readonly refresh: () => Promise<void>
}

/** Cards with their state; blocking one asks for a reason and reaches every till with its next sale. */
export const Cards = ({ cards, loaded, texts, zone, member, refresh }: CardsProps) => {
  const [acting, setActing] = useState<{ readonly action: 'blockCard' | 'unblockCard'; readonly card: MemberCard }>()
  const text = texts.member
  return (
    <Panel title={text.cards}>
      {cards.length === 0 ? <p class="muted">{text.noCards}</p> : null}
      <ul class="cards">
        {cards.map((card) => (
          <li key={card.id}>
            <span class="code">···{card.last}</span>
            <span>
              <Status state={card.state} label={text.cardStates[card.state] ?? card.state} />
              <span class="muted card-minor">
                {card.kind} · {text.issued(formatDate(card.issuedAt, zone))}
                {card.reason === null ? '' : ` · ${card.reason}`}
              </span>
            </span>
            <CardAction card={card} loaded={loaded} onAct={(action) => setActing({ action, card })} />
          </li>
        ))}
      </ul>
      {acting === undefined ? null : (
        <ActionDialog
          loaded={loaded}
          action={acting.action}
          record={member}
          subject={`···${acting.card.last} · ${acting.card.kind}`}
          version={acting.card.version}
          input={{ card: acting.card.id }}
          onClose={() => setActing(undefined)}
          onDone={refresh}
        />
      )}
    </Panel>
  )
}

interface CardActionProps {
  readonly card: MemberCard
  readonly loaded: LoadedSection
  readonly onAct: (action: 'blockCard' | 'unblockCard') => void
}

const CardAction = ({ card, loaded, onAct }: CardActionProps) => {
  const { me } = useShell()
  const action = card.state === 'active' ? 'blockCard' : card.state === 'blocked' ? 'unblockCard' : undefined
  const right = action === undefined ? undefined : loaded.section.actions?.[action]?.right
  if (action === undefined || right === undefined || !me.rights.includes(right)) return null
  return (
    <button type="button" class="quiet" onClick={() => onAct(action)}>
      {loaded.texts.actions[action]?.label}
    </button>
  )
}
