import { formatCode } from './format.ts'
import { words } from './language.ts'
import { toast } from './toasts.tsx'

/** A code as people read it, in fours; one click copies it as machines do, without the gaps. */
export const CopyCode = ({ code }: { readonly code: string }) => {
  const text = words.value.record
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(code)
    toast(text.copied(code))
  }
  return (
    <button type="button" class="code copy" title={text.copy} onClick={() => void copy()}>
      {formatCode(code)}
      <span class="unseen"> {text.copy}</span>
    </button>
  )
}
