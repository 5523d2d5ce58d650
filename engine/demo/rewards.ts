import type { Commands } from '@premia/pos-sdk/contract/admin'
import { demoId } from './identity.ts'
import { type DemoProgram, type ProgramKey, programs } from './programs.ts'
import { randomOf } from './random.ts'

export type RewardInput = Commands['reward.register']['input']['rewards'][number]

/** Name, kind, price in whole points. */
const catalogue: Readonly<Record<ProgramKey, readonly (readonly [name: string, kind: string, points: number])[]>> = {
  pharmacies: [
    ['Kubek termiczny Rumianek', 'goods', 300],
    ['Apteczka podróżna', 'goods', 450],
    ['Zestaw miniatur Dermalia', 'goods', 250],
    ['Pomiar ciśnienia z konsultacją', 'service', 120],
    ['Badanie poziomu cukru', 'service', 150],
    ['Torba bawełniana', 'goods', 100],
    ['Termofor', 'goods', 380],
    ['Wpłata 10 zł na hospicjum', 'donation', 200],
  ],
  neighbours: [
    ['Kawa na wynos', 'goods', 12],
    ['Bochenek chleba', 'goods', 15],
    ['Koszyk wiklinowy', 'goods', 180],
    ['Słoik miodu od sąsiada', 'goods', 60],
    ['Torba na zakupy', 'goods', 25],
    ['Wpłata 5 zł na plac zabaw', 'donation', 50],
  ],
  cherry: [
    ['Cană Cireșul', 'goods', 220],
    ['Sacoșă de pânză', 'goods', 90],
    ['Borcan de dulceață de cireșe', 'goods', 150],
    ['Cafea la pachet', 'goods', 60],
    ['Set de prosoape', 'goods', 480],
    ['Coș de picnic', 'goods', 900],
    ['Donație 5 lei pentru școala din cartier', 'donation', 100],
  ],
}

const scaleOf = (program: DemoProgram): number =>
  program.document.pointTypes.find((type) => type.code === program.document.mainPointType)?.scale ?? 0

/** The rewards of a program with their stock at its outlets. */
export const rewardsOf = (program: DemoProgram): readonly RewardInput[] =>
  catalogue[program.key].map(([name, kind, points], place) => {
    const random = randomOf(`reward:${program.key}:${place}`)
    return {
      id: demoId('reward', `${program.key}-${place}`),
      name,
      kind,
      pointType: program.document.mainPointType,
      points: points * 10 ** scaleOf(program),
      stock:
        kind === 'goods' ? program.outlets.map((outlet) => ({ outlet: outlet.id, onHand: random.between(0, 24) })) : [],
    }
  })

/** How many rewards the demo has. */
export const rewardCount = programs.reduce((sum, program) => sum + catalogue[program.key].length, 0)
