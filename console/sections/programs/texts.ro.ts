import { countRo } from '../../kit/model/plural.ts'
import type { ProgramsTexts } from './words.ts'

export const texts: ProgramsTexts = {
  title: 'Programe',
  count: (n) => countRo(n, 'program', 'programe'),
  newer: (n) => (n === 1 ? '1 mai nou' : `${n} mai noi`),
  fields: {
    name: { label: 'Program' },
    organizer: { label: 'Organizator' },
    state: { label: 'Stare' },
    stateReason: { label: 'Motivul stării' },
    salesToday: { label: 'Tranzacții azi' },
    activeMembers: { label: 'Membri activi în 30 de zile', short: 'Activi în 30 de zile' },
    earnedToday: { label: 'Puncte acumulate azi', short: 'Acumulate azi' },
    spentToday: { label: 'Puncte folosite azi', short: 'Folosite azi' },
    owed: { label: 'Puncte datorate' },
    liability: { label: 'Obligație' },
    silentTills: { label: 'Case fără semnal de peste o oră', short: 'Case fără semnal' },
    startsAt: { label: 'Începe' },
    endsAt: { label: 'Se încheie' },
  },
  choices: { state: { draft: 'schiță', active: 'activ', suspended: 'suspendat', closed: 'încheiat' } },
  views: {},
  actions: {
    suspend: {
      label: 'Suspendă programul',
      ask: 'Suspendați acest program?',
      effect:
        'Din acest moment tranzacțiile nu mai acumulează nimic, iar fiecare casă anunță acest lucru. Tranzacțiile din acest timp nu primesc puncte nici mai târziu.',
      done: 'Program suspendat',
    },
    resume: {
      label: 'Reia programul',
      ask: 'Reluați acest program?',
      effect: 'Din acest moment tranzacțiile acumulează din nou puncte.',
      done: 'Program reluat',
    },
  },
  none: { title: 'Nu există programe', text: 'Firma prestatoare creează programul împreună cu organizatorul.' },
}
