import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { ApiProblem } from './api.ts'
import { CopyCode } from './copy-code.tsx'
import { words } from './language.ts'

/** Nothing for the first 150 ms, then a skeleton in the shape of the content. */
export const Skeleton = ({ rows, kind }: { readonly rows: number; readonly kind: 'table' | 'record' }) => {
  const [visible, setVisible] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setVisible(true), 150)
    return () => clearTimeout(timer)
  }, [])
  if (!visible) return null
  return (
    <div class={`skeleton of-${kind}`} aria-hidden="true">
      {Array.from({ length: rows }, (_, index) => (
        <span key={index} class={`bar w${index % 5}`} />
      ))}
    </div>
  )
}

interface EmptyProps {
  readonly title: string
  readonly text: string
  /** It is the whole page, not a part of one. */
  readonly whole?: true
  readonly children?: ComponentChildren
}

/** Nothing yet, nothing matches, or no right: each says what it is and offers at most one thing to do. */
export const Empty = ({ title, text, whole, children }: EmptyProps) => (
  <div class="empty">
    {whole === true ? <h1>{title}</h1> : <h2>{title}</h2>}
    <p>{text}</p>
    {children}
  </div>
)

/** What went wrong in the reader's words. */
export const faultText = (error: unknown): string => {
  const { error: text } = words.value
  if (!(error instanceof ApiProblem)) return String(error)
  return error.status === 0 ? text.network : (text.codes[error.code] ?? error.message)
}

/** What failed, whether anything was changed, what to do next, and the id by which others can look it up. */
export const Failure = ({ error, again }: { readonly error: unknown; readonly again: () => void }) => {
  const { error: text, list } = words.value
  const problem = error instanceof ApiProblem ? error : undefined
  if (problem?.status === 403) return <Empty title={list.noRight} text={list.noRightText} />
  return (
    <div class="empty failure" role="alert">
      <h2>{text.title}</h2>
      <p>{faultText(error)}</p>
      {problem?.errors.map((each) => (
        <p key={each.path} class="muted">
          {each.path} {each.message}
        </p>
      ))}
      <p class="muted">{text.nothingChanged}</p>
      <button type="button" class="button" onClick={again}>
        {text.again}
      </button>
      {problem?.trace === undefined ? null : (
        <p class="muted trace">
          {text.trace} <CopyCode code={problem.trace} />
        </p>
      )}
    </div>
  )
}
