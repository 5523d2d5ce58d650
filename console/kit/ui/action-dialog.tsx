import { useEffect, useRef, useState } from 'preact/hooks'
import { address, ApiProblem, sendJson } from './api.ts'
import { Dialog } from './dialog.tsx'
import { words } from './language.ts'
import type { LoadedSection } from './section-page.ts'
import { useShell } from './shell-context.ts'
import { toast } from './toasts.tsx'

interface ActionDialogProps {
  readonly loaded: LoadedSection
  readonly action: string
  readonly record: string
  /** What is acted upon, in words: a program's name, a card's last digits. */
  readonly subject: string
  readonly version?: number
  readonly input?: Readonly<Record<string, string>>
  readonly onClose: () => void
  readonly onDone: () => Promise<void>
}

const reasonLeast = 3
const reasonMost = 500

/**
 * Asks for the reason and says what will happen. The command's id is made once for this dialog: sending it again after a
 * silence is never a second action.
 */
export const ActionDialog = (props: ActionDialogProps) => {
  const { loaded, action, record, subject, version, input, onClose, onDone } = props
  const { scope } = useShell()
  const texts = loaded.texts.actions[action]
  const definition = loaded.section.actions?.[action]
  const text = words.value.action
  const id = useRef(crypto.randomUUID())
  const field = useRef<HTMLTextAreaElement>(null)
  const [reason, setReason] = useState('')
  const [fault, setFault] = useState('')
  const [busy, setBusy] = useState(false)
  useEffect(() => field.current?.focus(), [])
  const send = async (): Promise<void> => {
    if (definition?.reason === true && reason.trim().length < reasonLeast) {
      setFault(text.reasonShort)
      field.current?.focus()
      return
    }
    setBusy(true)
    setFault('')
    try {
      await sendJson(
        'POST',
        address(`/sections/${loaded.section.name}/records/${record}/actions/${action}`, { scope }),
        {
          id: id.current,
          reason: reason.trim(),
          ...(version === undefined ? {} : { version }),
          ...(input === undefined ? {} : { input }),
        },
      )
      await onDone()
      toast(texts?.done ?? '')
      onClose()
    } catch (error) {
      const problem = error instanceof ApiProblem ? error : undefined
      setFault(
        problem?.status === 0 ? words.value.error.network : `${text.failed}: ${problem?.message ?? String(error)}`,
      )
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog title={texts?.ask ?? action} onClose={onClose} class="action">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void send()
        }}
      >
        <p class="subject">{subject}</p>
        <p>{texts?.effect}</p>
        {definition?.reason === true ? (
          <label class="field">
            <span>{text.reason}</span>
            <textarea
              ref={field}
              rows={3}
              maxLength={reasonMost}
              value={reason}
              aria-describedby="reason-hint"
              onInput={(event) => setReason(event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void send()
              }}
            />
            <small id="reason-hint" class="muted">
              {text.reasonHint}
            </small>
          </label>
        ) : null}
        <p class="fault" role="alert">
          {fault}
        </p>
        <div class="buttons">
          <button type="submit" class="button main" disabled={busy}>
            {busy ? text.working : texts?.label}
          </button>
          <button type="button" class="button" onClick={onClose}>
            {text.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
