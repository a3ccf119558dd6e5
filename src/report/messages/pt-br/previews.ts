import { formFor } from '../../amounts.ts';
import type { NoteTexts, ProgressTexts, ReasonTexts, StatusTexts } from '../catalogue.ts';

const RULE =
  'Uma prévia vive enquanto o seu pull request está aberto, e no máximo `preview.expires` depois do commit mais novo.';
const form = (count: string, one: string, other: string): string => formFor(Number(count), { one, other }, 'pt-BR');
const previews = (count: string): string => `${count} ${form(count, 'prévia', 'prévias')}`;

/** How previews of pull requests end. */
export const previewReasons = {
  'preview-up': ({ preview, commit, until }) => ({
    what: `A prévia ${preview} mostra o commit ${commit}.`,
    why: `Ela fica até o pull request ser fechado, ou no máximo até ${until}.`,
    next: 'Não há mais nada a fazer. O próximo commit a atualiza.'
  }),
  'preview-down': ({ preview }) => ({
    what: `A prévia ${preview} foi desfeita.`,
    next: 'Não há mais nada a fazer.'
  }),
  'previews-down': ({ count, previews: names }) => ({
    what: `${previews(count)} de que ninguém mais precisa ${form(count, 'foi desfeita', 'foram desfeitas')}: ${names}.`,
    next: 'Não há mais nada a fazer.'
  }),
  'preview-there': ({ preview, commit }) => ({
    what: `A prévia ${preview} já mostra o commit ${commit}.`,
    next: 'Não há mais nada a fazer. Para fazê-la de novo, desfaça-a primeiro.'
  }),
  'preview-absent': ({ preview }) => ({
    what: `Não existe a prévia ${preview}.`,
    next: 'Não há mais nada a fazer.'
  }),
  'preview-wanted': ({ preview }) => ({
    what: `A prévia ${preview} fica: ela é necessária outra vez.`,
    why: RULE,
    next: 'Não há mais nada a fazer.'
  }),
  'previews-wanted': ({ count }) =>
    count === '0'
      ? { what: 'Não há nenhuma prévia.', next: 'Não há mais nada a fazer.' }
      : {
          what: `${previews(count)} ${form(count, 'fica: não há motivo para desfazê-la', 'ficam: não há motivo para desfazer nenhuma')}.`,
          why: RULE,
          next: 'Não há mais nada a fazer.'
        },
  'pull-closed': ({ pull }) => ({
    what: `O pull request ${pull} está fechado: ele não recebe prévia.`,
    next: 'Não há mais nada a fazer.'
  }),
  'pull-moved': ({ pull, commit, head }) => ({
    what: `O commit ${commit} não é mais o mais novo do pull request ${pull}.`,
    why: `A execução de ${head} faz a prévia.`,
    next: 'Não há mais nada a fazer.'
  }),
  'pull-from-fork': ({ pull }) => ({
    what: `O pull request ${pull} vem de um fork: ele não recebe prévia.`,
    why: 'Quem escreve em outro repositório não pode executar scripts com os direitos deste.',
    next: 'Não há mais nada a fazer. Para mostrá-lo, envie os commits para um branch deste repositório.'
  }),
  'preview-undefined': ({ lines }) => ({
    what: 'Ninguém escreveu como uma prévia é feita e desfeita: falta a seção `preview`.',
    why: 'Vale o arquivo do commit que foi baixado. Um branch anterior a essa seção precisa recebê-la primeiro, por um merge.',
    next: 'Escreva estas linhas em `.github/delivery.yml`, adaptadas ao seu projeto.',
    lines
  }),
  'pull-unknown': ({ pull }) => ({
    what: `Não existe o pull request ${pull}.`,
    next: 'Corrija o número, no formulário ou em `with: environment:` no workflow, e execute de novo.'
  }),
  'preview-failed': ({ preview, problem }) => ({
    what: `Não foi possível fazer a prévia ${preview}: ${problem}.`,
    why: 'O que o script já tinha feito continua lá.',
    next: 'Leia o fim da saída no log, corrija a causa e envie a correção. Fechar o pull request desfaz tudo.'
  }),
  'preview-not-down': ({ preview, problem }) => ({
    what: `Não foi possível desfazer a prévia ${preview}: ${problem}.`,
    why: 'O que restou dela pode continuar custando dinheiro.',
    next: 'Leia o fim da saída no log, corrija a causa e execute este job de novo. A execução diária também tenta.'
  }),
  'previews-not-down': ({ previews: names }) => ({
    what: `Não foi possível desfazer estas prévias: ${names}.`,
    why: 'O que restou delas pode continuar custando dinheiro.',
    next: 'Leia as notas abaixo e o log, corrija a causa e execute este job de novo. A próxima execução diária também tenta.'
  })
} satisfies Partial<ReasonTexts>;

export const previewNotes = {
  'preview-taken-over': ({ record, preview }) =>
    `Uma execução anterior de ${preview} foi interrompida; esta execução fechou o registro de implantação ${record}, que ficou aberto.`,
  'preview-gone': ({ preview, why }) =>
    ({
      closed: `${preview} não é mais necessária: o seu pull request foi fechado.`,
      expired: `${preview} não é mais necessária: o seu prazo acabou.`,
      abandoned: `${preview} não é mais necessária: uma execução a deixou pela metade.`
    })[why],
  'preview-stays': ({ preview, why }) => `${preview} continua lá. ${why}`,
  'preview-busy': ({ preview, run }) => `Uma execução trabalha em ${preview}, que por isso ficou como está: ${run}.`,
  'previews-unlisted': ({ records }) =>
    `Só os ${records} registros mais novos foram vistos; uma prévia mais antiga do que todos eles não aparece.`
} satisfies Partial<NoteTexts>;

export const previewProgress = {
  'taking-down': ({ preview, why }) =>
    ({
      closed: `Desfazendo ${preview}: o seu pull request foi fechado`,
      expired: `Desfazendo ${preview}: o seu prazo acabou`,
      abandoned: `Desfazendo ${preview}: uma execução a deixou pela metade`
    })[why]
} satisfies Partial<ProgressTexts>;

export const previewStatus = {
  'preview-asked': ({ act, preview }) => ({ up: `Fazer ${preview}`, down: `Desfazer ${preview}` })[act],
  'preview-started': ({ act, preview }) => ({ up: `Fazendo ${preview}`, down: `Desfazendo ${preview}` })[act],
  'preview-ended': ({ act, preview }) => ({ up: `${preview} está no ar`, down: `${preview} foi desfeita` })[act],
  'preview-replaced': ({ preview }) => `${preview} já é outra, ou foi desfeita`
} satisfies Partial<StatusTexts>;
