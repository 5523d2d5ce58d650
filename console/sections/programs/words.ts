import type { TextsOf } from '../../kit/model/texts.ts'
import type { programs } from './section.ts'

export type ProgramsTexts = TextsOf<typeof programs>
