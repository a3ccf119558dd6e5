import { formFor } from '../../amounts.ts';
import { overrideLines } from '../catalogue.ts';
import type { ReasonTexts } from '../catalogue.ts';

const BY_HAND = 'Para entregar mesmo assim, inicie a entrega à mão com estas duas entradas; seu nome fica no registro.';
const YOUR_REASON = 'por que não pode esperar';

/** Uma aprovação que ninguém viu pode não existir. */
const promiseKept = (unseen: string): string =>
  unseen === ''
    ? 'A configuração cumpre o que promete.'
    : `Não foi possível ver as regras de ${unseen}; por isso não se sabe se a configuração cumpre o que promete.`;

/** Finais sem falha, perguntas sem resposta e o que as regras não permitiram. */
export const decisions = {
  planned: ({ version }) => ({
    what: `A próxima versão é ${version}.`,
    next: 'Nada foi alterado. Faça o merge, e a esteira constrói e entrega a versão.'
  }),
  built: ({ version, digest }) => ({
    what: `A versão ${version} está construída.`,
    why: `Todos os ambientes recebem exatamente estes bytes: ${digest}.`,
    next: 'A etapa de release faz a publicação.'
  }),
  released: ({ version, tag }) => ({
    what: `A versão ${version} está publicada como ${tag}.`,
    next: 'Ela já pode ser entregue em qualquer ambiente.'
  }),
  proposed: ({ version, environment }) => ({
    what: `A versão ${version} espera aprovação para ir para ${environment}.`,
    next: `Abra esta execução, aperte "Review deployments", marque ${environment} e aprove ou rejeite.`
  }),
  'proposed-by-hand': ({ version, environment }) => ({
    what: `A versão ${version} pode ir para ${environment} e espera que uma pessoa inicie a entrega.`,
    next: `Abra Actions → deploy-version → Run workflow, escolha ${environment} e ${version} e aperte o botão.`
  }),
  cleared: ({ version, environment }) => ({
    what: `A versão ${version} já pode ir para ${environment}; ninguém precisa aprovar.`,
    next: 'O job de implantação desta execução faz a entrega.'
  }),
  delivered: ({ version, environment }) => ({
    what: `A versão ${version} está no ar em ${environment}.`,
    next: 'Não falta mais nada.'
  }),
  'rolled-back-by-request': ({ version, environment, from }) => ({
    what: `${environment} voltou para a versão ${version}, no lugar da ${from}.`,
    next: `Corrija o que havia de errado na ${from} e faça o merge: a esteira entrega a correção como uma nova versão.`
  }),
  verified: ({ version, environment }) => ({
    what: `A versão ${version} funciona em ${environment}.`,
    why: 'Ela acabou de passar nas suas próprias verificações.',
    next: 'Não falta mais nada.'
  }),
  announced: ({ version, environment }) => ({
    what: `Todos sabem que a versão ${version} está no ar em ${environment}.`,
    next: 'Não há mais nada a fazer.'
  }),
  'announced-elsewhere': ({ version, environment, others }) => ({
    what: `A versão ${version} foi entregue em ${environment}. Os anúncios falam de ${others} e dizem o que está no ar lá.`,
    next: 'Não há mais nada a fazer.'
  }),
  'announced-in-part': ({ environment, failures }) => ({
    what: `Nem todos puderam saber o que está no ar em ${environment}. Falhas: ${failures}.`,
    why: 'A entrega em si não é afetada por isso.',
    next: 'Leia os avisos desta execução e execute este job de novo; nada é dito duas vezes.'
  }),
  examined: ({ notes, unchecked, unseen }) => ({
    what:
      notes === '0' && unchecked === '0'
        ? 'A configuração está em ordem: nada foi encontrado.'
        : `${promiseKept(unseen)} A melhorar: ${notes}. Sem verificação possível: ${unchecked}.`,
    next: notes === '0' && unchecked === '0' ? 'Não falta mais nada.' : 'Cada item diz onde clicar ou o que escrever.'
  }),
  reported: ({ deliveries, folder }) => ({
    what: `O relatório foi escrito, a partir de ${deliveries} ${formFor(Number(deliveries), { one: 'entrega', other: 'entregas' }, 'pt-BR')}.`,
    next: `Publique a pasta ${folder}: \`index.html\` é a página; um próximo relatório que encontrar \`delivery.json\` continua a partir dele.`
  }),
  'dry-run': ({ command }) => ({
    what: `Esta foi uma simulação de ${command}: nada foi alterado.`,
    next: 'Para fazer de verdade, execute de novo com esta linha.',
    lines: 'dry-run: false'
  }),
  'already-live': ({ version, environment }) => ({
    what: `A versão ${version} já está no ar em ${environment}.`,
    next: 'Não falta mais nada.'
  }),
  'already-released': ({ version, tag }) => ({
    what: `A versão ${version} já está publicada como ${tag}.`,
    next: 'Não falta mais nada. Ela pode ser entregue.'
  }),
  'nothing-to-release': ({ previous }) => ({
    what: `Nada a publicar: nenhuma mudança desde a ${previous} pede uma nova versão.`,
    why: 'Com `release-on: conventional`, só `feat`, `fix`, `perf` e mudanças incompatíveis pedem.',
    next: 'Faça o merge de uma mudança assim, ou escreva isto em `.github/delivery.yml` para publicar todo merge.',
    lines: 'version:\n  release-on: any'
  }),
  'nothing-live': ({ environment }) => ({
    what: `Ainda não há nada no ar em ${environment}.`,
    next: `Entregue primeiro uma versão em ${environment}.`
  }),
  superseded: ({ version, environment, live }) => ({
    what: `A versão ${version} não foi entregue: ${environment} já tem a ${live}, mais nova.`,
    why: 'Uma versão antiga só substitui uma mais nova quando uma pessoa a escolhe.',
    next: `Não falta mais nada. Para voltar à ${version} de propósito, inicie uma entrega à mão e escolha essa versão.`
  }),
  'invalid-input': ({ input, problem }) => ({
    what: `A entrada "${input}" não está certa: ${problem}.`,
    next: `Corrija "${input}" abaixo de \`with:\` no workflow e execute de novo.`
  }),
  'config-missing': ({ file, lines }) => ({
    what: `O arquivo ${file} não existe.`,
    next: 'Crie o arquivo com estas linhas, adaptadas ao seu projeto.',
    lines
  }),
  'config-invalid': ({ file, line, column, problem }) => ({
    what: `${file}, linha ${line}, coluna ${column}: ${problem}.`,
    next: 'Corrija essa linha e faça o merge.'
  }),
  'environment-unknown': ({ environment, known }) => ({
    what: `Não existe um ambiente chamado ${environment}.`,
    why: `Existem estes, o mais parecido primeiro: ${known}.`,
    next: 'Escolha um deles, ou acrescente o ambiente em `environments:` no `.github/delivery.yml`.'
  }),
  'deploy-undefined': ({ version, lines }) => ({
    what: `Não está definido como implantar ${version}.`,
    why: 'Uma versão é implantada pelo script que ela mesma carrega.',
    next: 'Escreva estas linhas em `.github/delivery.yml` e publique uma nova versão.',
    lines
  }),
  'verify-undefined': ({ version, lines }) => ({
    what: `Não está definido como verificar se ${version} funciona.`,
    why: 'Uma versão é verificada pelo procedimento que ela mesma carrega.',
    next: 'Acrescente uma seção `verify:` em `.github/delivery.yml`, como aqui, e publique uma nova versão.',
    lines
  }),
  freeze: ({ environment, until, why }) => ({
    what: `${environment} não recebe entregas até ${until}: ${why}.`,
    next: `Execute de novo depois disso. ${BY_HAND}`,
    lines: overrideLines('freeze', YOUR_REASON)
  }),
  'line-stopped': ({ issue, why }) => ({
    what: `A esteira está parada: ${why}.`,
    why: `O motivo está em ${issue}.`,
    next: `Resolva a causa e feche essa issue: a esteira volta a andar sozinha. ${BY_HAND}`,
    lines: overrideLines('line-stopped', YOUR_REASON)
  }),
  veto: ({ version, environment, since }) => ({
    what: `A versão ${version} falhou em ${environment} em ${since}; por isso não volta para lá automaticamente.`,
    next: `Faça o merge de uma correção: ela vira uma nova versão. ${BY_HAND}`,
    lines: overrideLines('veto', YOUR_REASON)
  }),
  'not-proven': ({ version, environment, needs }) => ({
    what: `A versão ${version} ainda não pode ir para ${environment}: falta funcionar em ${needs}.`,
    next: `Entregue a ${version} primeiro em ${needs}. ${BY_HAND}`,
    lines: overrideLines('not-proven', YOUR_REASON)
  }),
  soak: ({ version, needs, until }) => ({
    what: `A versão ${version} precisa ficar em observação em ${needs} até ${until} antes de seguir.`,
    next: `Execute de novo depois disso. ${BY_HAND}`,
    lines: overrideLines('soak', YOUR_REASON)
  }),
  'max-changes': ({ changes, limit, environment }) => ({
    what: `Esta entrega tem ${changes} ${formFor(Number(changes), { one: 'mudança', other: 'mudanças' }, 'pt-BR')}; ${environment} recebe no máximo ${limit} por vez.`,
    why: 'Entregas pequenas são mais fáceis de conferir e de desfazer.',
    next: `Entregue antes uma versão mais antiga, para chegar lá em passos. ${BY_HAND}`,
    lines: overrideLines('max-changes', YOUR_REASON)
  }),
  'best-before': ({ needs, since, limit }) => ({
    what: `${needs} foi reconstruído pela última vez em ${since}, há mais tempo que o permitido (${limit}).`,
    why: 'Um ambiente que ninguém reconstrói há muito tempo diz pouco sobre o próximo.',
    next: `Reconstrua ${needs} e execute de novo. ${BY_HAND}`,
    lines: overrideLines('best-before', YOUR_REASON)
  }),
  'gate-missing': ({ environment }) => ({
    what: `Nada foi entregue: o GitHub não tem um ambiente ${environment} que alguém possa aprovar.`,
    why: 'O `.github/delivery.yml` promete `gate: approval`, e uma promessa que o GitHub não garante não vale.',
    next: `Abra Settings → Environments → New environment, use o nome ${environment}, marque "Required reviewers", inclua ao menos uma pessoa e salve.`
  }),
  'gate-unprotected': ({ environment }) => ({
    what: `Nada foi entregue: ${environment} não tem revisores obrigatórios; ninguém foi consultado.`,
    why: 'Repositórios privados só têm revisores no GitHub Enterprise; para os demais, o botão é `gate: dispatch`.',
    next: `Abra Settings → Environments → ${environment}, marque "Required reviewers", inclua ao menos uma pessoa e salve. Sem essa opção, escreva isto em \`.github/delivery.yml\`.`,
    lines: 'gate: dispatch'
  }),
  'gate-unenforced': ({ environment }) => ({
    what: `${environment} não tem revisores obrigatórios, e este repositório é privado: ninguém seria consultado.`,
    why: 'Nos planos Free, Pro e Team, o GitHub só tem revisores obrigatórios em repositórios públicos; os privados precisam do GitHub Enterprise.',
    next: `Com o Enterprise, abra Settings → Environments → ${environment}, marque "Required reviewers", inclua ao menos uma pessoa e salve. Sem ele, escreva isto em \`.github/delivery.yml\`: assim uma pessoa inicia cada entrega.`,
    lines: 'gate: dispatch'
  }),
  'gate-unexpected': ({ environment, rules }) => ({
    what: `Uma entrega em ${environment} ficaria esperando sem ninguém saber por quem: o GitHub tem regras para ele (${rules}).`,
    why: '`gate: none` promete que ninguém é consultado e nada espera.',
    next: `Abra Settings → Environments → ${environment} e remova-as, ou escreva isto em \`.github/delivery.yml\`.`,
    lines: 'gate: approval'
  }),
  'dispatch-required': ({ environment, version }) => ({
    what: `${version} espera por uma pessoa: entregas em ${environment} são iniciadas à mão.`,
    next: `Abra Actions → deploy-version → Run workflow, escolha ${environment} e ${version} e aperte o botão.`
  }),
  'no-good-version': ({ environment }) => ({
    what: `Não há uma versão anterior que tenha funcionado em ${environment} para onde voltar.`,
    next: 'Escolha você uma versão publicada, com a entrada `version`, ou faça o merge de uma correção.'
  }),
  'reason-required': ({ input }) => ({
    what: `A entrada "${input}" precisa de um motivo ao lado.`,
    why: 'O registro guarda quem decidiu e por quê.',
    next: 'Acrescente esta linha às entradas, com as suas palavras.',
    lines: 'reason: por que não pode esperar'
  })
} satisfies Partial<ReasonTexts>;
