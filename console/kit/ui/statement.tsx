import type { ComponentChildren } from 'preact'

export interface Figure {
  readonly name: string
  readonly label: string
  readonly value: ComponentChildren
  readonly detail?: ComponentChildren
  /** The rows behind the figure. */
  readonly href?: string
}

/** The head of a record as a statement: large figures above a double rule, the accountant's total line. */
export const Statement = ({ figures }: { readonly figures: readonly Figure[] }) => (
  <dl class="statement">
    {figures.map(({ name, label, value, detail, href }) => (
      <div key={name} class="figure">
        <dt>{label}</dt>
        <dd class="figure-value">{href === undefined ? value : <a href={href}>{value}</a>}</dd>
        {detail === undefined ? null : <dd class="figure-detail muted">{detail}</dd>}
      </div>
    ))}
  </dl>
)
