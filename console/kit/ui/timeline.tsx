import type { ComponentChildren } from 'preact'
import { formatExact, formatRelative } from './format.ts'
import { words } from './language.ts'

export interface TimelineItem {
  readonly id: string
  readonly at: string
  readonly text: ComponentChildren
  readonly actor?: string | undefined
  readonly reason?: string | undefined
}

/** What happened to a record, newest first: exact time, who, and why. */
export const Timeline = ({ items, zone }: { readonly items: readonly TimelineItem[]; readonly zone: string }) => {
  if (items.length === 0) return <p class="muted">{words.value.record.noEvents}</p>
  return (
    <ol class="timeline">
      {items.map(({ id, at, text, actor, reason }) => (
        <li key={id}>
          <span class="timeline-text">{text}</span>
          {reason === undefined ? null : <q>{reason}</q>}
          <span class="muted timeline-when">
            {actor === undefined ? null : `${words.value.record.by(actor)} · `}
            <time dateTime={at} title={formatRelative(at)}>
              {formatExact(at, zone)}
            </time>
          </span>
        </li>
      ))}
    </ol>
  )
}
