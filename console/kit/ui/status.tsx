import type { JSX } from 'preact'

// Word and shape, never a colour alone: dot active, ring draft, half scheduled, bar suspended, cross closed.
type Shape = 'dot' | 'ring' | 'half' | 'bar' | 'cross'
type Tone = 'ok' | 'muted' | 'warn' | 'danger'

const looks: Readonly<Record<string, readonly [Shape, Tone]>> = {
  active: ['dot', 'ok'],
  draft: ['ring', 'muted'],
  new: ['ring', 'muted'],
  pending: ['half', 'muted'],
  scheduled: ['half', 'muted'],
  suspended: ['bar', 'warn'],
  blocked: ['bar', 'warn'],
  quarantined: ['bar', 'warn'],
  silent: ['bar', 'warn'],
  lost: ['bar', 'warn'],
  closed: ['cross', 'muted'],
  expired: ['cross', 'muted'],
  replaced: ['cross', 'muted'],
  left: ['cross', 'muted'],
  merged: ['cross', 'muted'],
  erased: ['cross', 'muted'],
  revoked: ['cross', 'danger'],
}

const shapes: Readonly<Record<Shape, JSX.Element>> = {
  dot: <circle cx="5" cy="5" r="4" />,
  ring: <circle cx="5" cy="5" r="3.25" class="hollow" />,
  half: (
    <>
      <circle cx="5" cy="5" r="3.25" class="hollow" />
      <path d="M5 1.75a3.250 3.250 0 0 0 0 6.500z" />
    </>
  ),
  bar: <rect x="1" y="3.250" width="8" height="3.500" rx="0.500" />,
  cross: <path d="M1.500 1.500l7 7m0-7l-7 7" class="hollow" />,
}

export const Status = ({ state, label }: { readonly state: string; readonly label: string }) => {
  const [shape, tone] = looks[state] ?? ['ring', 'muted']
  return (
    <span class={`status ${tone}`}>
      <svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">
        {shapes[shape]}
      </svg>
      {label}
    </span>
  )
}
