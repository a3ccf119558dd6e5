import { isPhase } from '../../../domain/phase.ts';
import { formFor } from '../../amounts.ts';
import type { ReasonTexts } from '../catalogue.ts';
import { phases } from './phases.ts';

/** O que há de errado com uma versão ou com sua release, e o que quebrou. */
export const failures = {
  'history-unknown': ({ problem }) => ({
    what: `Não dá para saber a próxima versão a partir deste checkout: ${problem}.`,
    why: 'Um palpite poderia repetir um número que já está em uso.',
    next: 'Faça a etapa `actions/checkout` buscar o histórico inteiro e execute de novo.',
    lines: 'with:\n  fetch-depth: 0'
  }),
  'version-unknown': ({ version }) => ({
    what:
      version === 'latest'
        ? 'Nenhuma versão publicada está pronta para ser entregue.'
        : `Não existe a versão publicada ${version}.`,
    next: 'Escolha uma na página Releases do repositório e entregue-a primeiro nos ambientes anteriores.'
  }),
  'version-taken': ({ tag, commit, other }) => ({
    what: `A tag ${tag} já pertence ao commit ${other}, e não ao ${commit}.`,
    why: 'Uma versão publicada nunca muda.',
    next: 'Execute o build de novo no commit mais novo: ele recebe a próxima versão livre.'
  }),
  'release-as-invalid': ({ value, commit, problem }) => ({
    what: `O commit ${commit} pede a versão ${value} com Release-As, o que não é possível: ${problem}.`,
    next: 'Faça o merge de um commit cuja mensagem termine com uma linha como esta, com uma versão maior.',
    lines: 'Release-As: 2.0.0'
  }),
  'release-incomplete': ({ tag, missing }) => ({
    what: `A release ${tag} não está completa: falta ${missing}.`,
    next: 'Execute de novo o job de release dessa versão: ele acrescenta o que falta. Depois entregue.'
  }),
  'manifest-invalid': ({ problem }) => ({
    what: `Não foi possível ler o arquivo release.json desta versão: ${problem}.`,
    why: 'Ele foi alterado depois do build, ou outra versão da Esteira o escreveu.',
    next: 'Execute de novo os jobs de build e de release. Até lá, entregue outra versão.'
  }),
  'digest-mismatch': ({ what, expected, actual }) => ({
    what: `${what} não é o que foi construído: o esperado é ${expected}, o encontrado é ${actual}.`,
    why: 'Foi alterado ou danificado depois do build; por isso não é entregue.',
    next: 'Não use esta release. Descubra quem a alterou e publique uma nova versão.'
  }),
  'build-failed': ({ problem }) => ({
    what: `O build falhou: ${problem}.`,
    next: 'Leia o fim da saída do build no log, corrija a causa e faça o merge.'
  }),
  'files-missing': ({ patterns }) => ({
    what: `Nada a entregar: nenhum arquivo corresponde a ${patterns}.`,
    next: 'Corrija `build.files` em `.github/delivery.yml`, ou faça `build.run` criar esses arquivos.'
  }),
  'files-forbidden': ({ paths }) => ({
    what: `Estes arquivos não podem ser entregues: ${paths}.`,
    why: 'Eles podem conter senhas ou levar para fora da pasta entregue.',
    next: 'Deixe-os fora de `build.files` em `.github/delivery.yml`, ou remova-os do repositório.'
  }),
  'image-missing': ({ image, problem }) => ({
    what: `A imagem ${image} não está no registro de imagens: ${problem}.`,
    next: 'Faça `build.run` enviar a imagem com a tag de `$DELIVERY_VERSION` antes de terminar.'
  }),
  'deploy-failed': ({ version, environment, problem }) => ({
    what: `A implantação da ${version} em ${environment} falhou: ${problem}.`,
    why: `Não se sabe o que está no ar em ${environment} agora.`,
    next: `Leia a saída da implantação no log; depois execute o comando rollback para ${environment} ou faça o merge de uma correção.`
  }),
  'verification-failed': ({ version, environment, problem }) => ({
    what: `A versão ${version} foi implantada em ${environment}, mas não funciona lá: ${problem}.`,
    next: `Execute o comando rollback para ${environment}, ou faça o merge de uma correção.`
  }),
  'rolled-back': ({ version, environment, to, problem }) => ({
    what: `A versão ${version} falhou em ${environment}, e a ${to} voltou ao ar.`,
    why: `O que falhou: ${problem}.`,
    next: 'Faça o merge de uma correção e feche a issue que parou a esteira.'
  }),
  'rollback-failed': ({ version, environment, to, problem }) => ({
    what: `A versão ${version} falhou em ${environment}, e a reversão para a ${to} também falhou: ${problem}.`,
    why: `Não se sabe o que está no ar em ${environment} agora. É preciso uma pessoa.`,
    next: `Olhe ${environment} você mesmo; depois execute o comando rollback com uma versão que você sabe que funciona.`
  }),
  drift: ({ version, environment, problem }) => ({
    what: `${environment} não está com a ${version} como registrado: ${problem}.`,
    why: 'Parou de funcionar ou foi alterado por outro caminho.',
    next: `Entregue a ${version} em ${environment} de novo, ou faça a reversão.`
  }),
  'promise-broken': ({ broken }) => ({
    what: `A configuração não cumpre o que \`.github/delivery.yml\` promete: ${broken} ${formFor(Number(broken), { one: 'promessa é falsa', other: 'promessas são falsas' }, 'pt-BR')}.`,
    why: 'As pessoas contam com uma aprovação que não existe, ou esperam por uma que ninguém conhece.',
    next: 'Faça primeiro o que está no começo da lista.'
  }),
  'queue-timeout': ({ environment, holder }) => ({
    what: `A entrega desistiu de esperar a sua vez em ${environment}.`,
    why: `Esta entrega ainda está em andamento lá: ${holder}.`,
    next: 'Espere que ela termine ou cancele-a, e então execute de novo.'
  }),
  'phase-timeout': ({ phase, seconds, call }) => ({
    what: `${isPhase(phase) ? phases[phase] : phase} levou mais de ${seconds} s; a última chamada foi ${call}.`,
    why: 'As respostas vieram devagar demais, e nada pode durar para sempre.',
    next: 'Execute o job de novo: ele termina o que falta. Se acontecer outra vez, veja a página de status do GitHub ou do registro de imagens.'
  }),
  cancelled: ({ command }) => ({
    what: `A execução de ${command} foi cancelada antes do fim.`,
    next: 'Execute de novo: ela parte de um estado limpo.'
  }),
  'permission-missing': ({ permission, call }) => ({
    what: `O token não tem autorização para isto: ${call}.`,
    why: 'Falta ao job a permissão necessária.',
    next: 'Acrescente esta linha às permissões do job no workflow e execute de novo.',
    lines: `permissions:\n  ${permission}`
  }),
  'token-refused': ({ call }) => ({
    what: `O GitHub não aceita o token: ${call} recebeu a resposta 401.`,
    why: 'O token de um job só vale enquanto a sua execução está em andamento.',
    next: 'Retire a entrada token, para usar o token do próprio job, e execute o job de novo.'
  }),
  'hosting-failed': ({ call, problem }) => ({
    what: `O GitHub não respondeu como esperado a ${call}: ${problem}.`,
    next: 'Execute o job de novo: ele termina o que falta. Se falhar outra vez, veja a página de status do GitHub.'
  }),
  'registry-failed': ({ image, problem }) => ({
    what: `O registro de imagens não respondeu como esperado para ${image}: ${problem}.`,
    next: 'Confira se o job fez login no registro de imagens e execute de novo.'
  }),
  internal: ({ problem }) => ({
    what: `A própria Esteira errou: ${problem}.`,
    next: 'Execute o job de novo. Se falhar outra vez, avise o projeto Esteira e envie o log deste job.'
  })
} satisfies Partial<ReasonTexts>;
