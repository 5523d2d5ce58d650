import type { TextsOf } from '../../kit/model/texts.ts'
import type { members } from './section.ts'

export type MembersTexts = TextsOf<typeof members>
