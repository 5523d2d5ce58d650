import { countPl } from '../../kit/model/plural.ts'
import type { ProgramsTexts } from './words.ts'

export const texts: ProgramsTexts = {
  title: 'Programy',
  count: (n) => countPl(n, 'program', 'programy', 'programów'),
  newer: (n) => countPl(n, 'nowszy', 'nowsze', 'nowszych'),
  fields: {
    name: { label: 'Program' },
    organizer: { label: 'Organizator' },
    state: { label: 'Stan' },
    stateReason: { label: 'Powód stanu' },
    salesToday: { label: 'Transakcje dziś' },
    activeMembers: { label: 'Uczestnicy aktywni w 30 dni', short: 'Aktywni w 30 dni' },
    earnedToday: { label: 'Punkty naliczone dziś', short: 'Naliczone dziś' },
    spentToday: { label: 'Punkty wymienione dziś', short: 'Wymienione dziś' },
    owed: { label: 'Punkty do wymiany' },
    liability: { label: 'Zobowiązanie' },
    silentTills: { label: 'Kasy milczące ponad godzinę', short: 'Milczące kasy' },
    startsAt: { label: 'Początek' },
    endsAt: { label: 'Koniec' },
  },
  choices: { state: { draft: 'szkic', active: 'aktywny', suspended: 'zawieszony', closed: 'zakończony' } },
  views: {},
  actions: {
    suspend: {
      label: 'Zawieś program',
      ask: 'Zawiesić ten program?',
      effect:
        'Od tej chwili transakcje nic w nim nie naliczają i każda kasa o tym informuje. Za transakcje z czasu zawieszenia punktów nie będzie także później.',
      done: 'Program zawieszony',
    },
    resume: {
      label: 'Wznów program',
      ask: 'Wznowić ten program?',
      effect: 'Od tej chwili transakcje znów naliczają punkty.',
      done: 'Program wznowiony',
    },
  },
  none: { title: 'Nie ma programów', text: 'Program zakłada firma obsługująca razem z organizatorem.' },
}
