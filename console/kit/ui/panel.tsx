import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

interface PanelProps {
  readonly title: string
  readonly children: ComponentChildren
  readonly aside?: ComponentChildren
  readonly id?: string
}

/** A titled part of a record: no box, no shadow, a hairline and a heading. */
export const Panel = ({ title, children, aside, id }: PanelProps) => {
  const own = useId()
  return (
    <section class="panel" aria-labelledby={own} {...(id === undefined ? {} : { id })}>
      <header class="panel-head">
        <h2 id={own}>{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  )
}
