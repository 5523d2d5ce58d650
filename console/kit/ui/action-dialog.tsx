import { useEffect, useRef, useState } from 'preact/hooks'
import { address, ApiProblem, sendJson } from './api.ts'
import { Dialog } from './dialog.tsx'
import { words } from './language.ts'
import type { LoadedSection } from './section-page.ts'
import { useShell } from './shell-context.ts'
import { faultText } from './states.tsx'
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

/** Sends the command. Its id is made once for the dialog: sending again after a silence is never a second action. */
const useAction = ({ loaded, action, record, version, input, onClose, onDone }: ActionDialogProps) => {
  const { scope } = useShell()
  const id = useRef(crypto.randomUUID())
  const [fault, setFault] = useState('')
  const [busy, setBusy] = useState(false)
  const send = async (reason: string): Promise<void> => {
    const text = words.value
    setBusy(true)
    setFault('')
    try {
      await sendJson(
        'POST',
        address(`/sections/${loaded.section.name}/records/${record}/actions/${action}`, { scope }),
        {
          id: id.current,
          reason,
          ...(version === undefined ? {} : { version }),
          ...(input === undefined ? {} : { input }),
        },
      )
      await onDone()
      toast(loaded.texts.actions[action]?.done ?? '')
      onClose()
    } catch (error) {
      const silent = error instanceof ApiProblem && error.status === 0
      setFault(silent ? faultText(error) : `${text.action.failed}. ${faultText(error)}`)
    } finally {
      setBusy(false)
    }
  }
  return { fault, setFault, busy, send }
}

/** Asks for the reason and says what will happen. */
export const ActionDialog = (props: ActionDialogProps) => {
  const { loaded, action, subject, onClose } = props
  const texts = loaded.texts.actions[action]
  const needsReason = loaded.section.actions?.[action]?.reason === true
  const text = words.value.action
  const field = useRef<HTMLTextAreaElement>(null)
  const [reason, setReason] = useState('')
  const { fault, setFault, busy, send } = useAction(props)
  useEffect(() => field.current?.focus(), [])
  const submit = (): void => {
    if (busy) return
    if (!needsReason || reason.trim().length >= reasonLeast) return void send(reason.trim())
    setFault(text.reasonShort)
    field.current?.focus()
  }
  return (
    <Dialog title={texts?.ask ?? action} onClose={onClose} class="action">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <p class="subject">{subject}</p>
        <p>{texts?.effect}</p>
        {needsReason ? (
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
                if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit()
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
