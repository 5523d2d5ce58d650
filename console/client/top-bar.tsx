import { CircleHelp, Search } from 'lucide-preact'
import { words } from '../kit/ui/language.ts'
import { PersonMenu } from './person-menu.tsx'
import { ScopeSwitcher } from './scope-switcher.tsx'

interface TopBarProps {
  readonly onPalette: () => void
  readonly onKeys: () => void
}

const isMac = /Mac|iPhone|iPad/.test(navigator.platform)

export const TopBar = ({ onPalette, onKeys }: TopBarProps) => {
  const text = words.value.shell
  return (
    <header class="top-bar">
      <ScopeSwitcher />
      <button type="button" class="search-button" onClick={onPalette}>
        <Search size={15} aria-hidden="true" />
        <span>{text.search}</span>
        <kbd>{isMac ? '⌘K' : 'Ctrl K'}</kbd>
      </button>
      <button
        type="button"
        class="icon-button keys-button"
        title={text.shortcuts}
        aria-label={text.shortcuts}
        onClick={onKeys}
      >
        <CircleHelp size={17} aria-hidden="true" />
      </button>
      <PersonMenu />
    </header>
  )
}
