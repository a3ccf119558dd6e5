import type { FindingTexts } from '../catalogue.ts';

/** O que um exame encontra. */
export const findings: FindingTexts = {
  severities: { broken: 'Promessa quebrada', note: 'A melhorar', unchecked: 'Não verificado' },
  subjects: {
    environment: 'as regras de um ambiente',
    tags: 'as regras para tags',
    releases: 'se as releases são imutáveis',
    token: 'o que os tokens dos workflows podem fazer por padrão',
    pins: 'se as actions precisam ser fixadas',
    site: 'se o GitHub Pages pode publicar o relatório'
  },
  columns: { severity: 'Gravidade', found: 'O que foi encontrado', todo: 'O que fazer' },
  sound: 'Nada foi encontrado.',
  flaws: {
    'gate-missing': ({ environment }) => ({
      what: `O GitHub não tem o ambiente ${environment}; por isso ninguém aprova as entregas nele.`,
      todo: `Crie ${environment}, marque "Required reviewers", inclua ao menos uma pessoa e salve.`
    }),
    'gate-open': ({ environment }) => ({
      what: `${environment} não tem revisores obrigatórios; por isso ninguém aprova as entregas nele.`,
      todo: `Abra ${environment}, marque "Required reviewers", inclua ao menos uma pessoa e salve.`
    }),
    'gate-unenforced': ({ environment }) => ({
      what: `Ninguém aprova as entregas em ${environment}. Este repositório é privado, e o GitHub só tem revisores obrigatórios em repositórios privados com o GitHub Enterprise.`,
      todo: `Com o Enterprise, marque "Required reviewers" em ${environment}. Sem ele, escreva \`gate: dispatch\` lá.`
    }),
    'gate-unexpected': ({ environment, rules }) => ({
      what: `As entregas em ${environment} esperam por regras do GitHub (${rules}), embora \`gate: none\` diga que nada espera.`,
      todo: `Remova essas regras de ${environment}, ou escreva \`gate: approval\`.`
    }),
    'gate-timer': ({ environment, minutes }) => ({
      what: `Uma entrega em ${environment} só começa ${minutes} min depois do pedido, mesmo que a aprovação venha antes.`,
      todo: 'Ponha "Wait timer" em 0, a não ser que seja intencional; `soak` espera no ambiente anterior.'
    }),
    'self-review': ({ environment }) => ({
      what: `Quem inicia uma entrega em ${environment} pode aprová-la por conta própria.`,
      todo: `Abra ${environment} e marque "Prevent self-review".`
    }),
    'admins-bypass': ({ environment }) => ({
      what: `Administradores podem pular a aprovação de ${environment}.`,
      todo: `Abra ${environment} e desmarque "Allow administrators to bypass configured protection rules".`
    }),
    'any-branch': ({ environment }) => ({
      what: `Um workflow de qualquer branch pode usar ${environment} e seus segredos.`,
      todo: `Abra ${environment}, escolha "Selected branches and tags" e inclua a sua branch principal.`
    }),
    'not-created': ({ environment }) => ({
      what: `O GitHub não tem o ambiente ${environment}; a primeira entrega o cria sem nenhuma regra.`,
      todo: `Crie ${environment} você mesmo e escolha quais branches podem usá-lo.`
    }),
    'nothing-needed': ({ environment }) => ({
      what: `Uma pessoa libera versões para ${environment}, mas nenhuma precisa se provar antes em outro lugar.`,
      todo: 'Escreva `needs: [staging]`, com o nome do ambiente anterior.'
    }),
    'nobody-asked': ({ environment }) => ({
      what: `Toda versão comprovada vai sozinha para ${environment}: isso é implantação contínua.`,
      todo: 'Se uma pessoa deve decidir, escreva `gate: approval`.'
    }),
    'plan-limits': () => ({
      what: 'Este repositório é privado: nos planos Free, Pro e Team o GitHub não aplica aqui nem revisores nem tempos de espera, e no Free não há ambientes.',
      todo: 'Sem o GitHub Enterprise, use `gate: dispatch`.'
    }),
    'tags-free': ({ tag, rules }) => ({
      what: `Nada impede que a tag de uma versão (${tag}) seja movida ou apagada. Regras que faltam: ${rules}.`,
      todo: `Escolha "New tag ruleset", inclua o alvo ${tag}, marque "Restrict updates" e "Restrict deletions" e ponha em "Active". Deixe a criação livre.`
    }),
    'releases-mutable': () => ({
      what: 'Os arquivos de uma release publicada podem ser trocados.',
      todo: 'Em "Releases", marque "Enable release immutability".'
    }),
    'token-writes': () => ({
      what: 'Um workflow que não declara permissões pode escrever no repositório.',
      todo: 'Em "Workflow permissions", escolha "Read repository contents and packages permissions".'
    }),
    'pins-optional': () => ({
      what: 'O GitHub executa actions que não estão fixadas em um commit, e o código delas pode mudar sem aviso.',
      todo: 'Marque "Require actions to be pinned to a full-length commit SHA".'
    }),
    'site-off': () => ({
      what: 'O GitHub Pages está desativado; por isso a página do relatório não pode ser publicada.',
      todo: 'Em "Build and deployment", escolha a fonte "GitHub Actions". Repositórios privados precisam de um plano que inclua o Pages.'
    }),
    'site-of-branch': () => ({
      what: 'O GitHub Pages monta o site a partir de uma branch; por isso a página do relatório não pode ser publicada.',
      todo: 'Em "Build and deployment", escolha a fonte "GitHub Actions"; o que a branch mostra hoje deixa então de aparecer.'
    }),
    'not-checked': ({ subject, needs }) => ({
      what: `Não foi possível verificar: ${subject}. O token precisa de ${needs}.`,
      todo: 'Olhe você mesmo, ou dê a este comando o token de uma pessoa que possa ler isso.'
    }),
    'no-line': () => ({
      what: 'Nenhum workflow deste repositório entrega alguma coisa.',
      todo: 'Copie um modelo para esta pasta.'
    }),
    'permissions-open': () => ({
      what: 'Jobs que não declaram permissões recebem as do repositório.',
      todo: 'Escreva `permissions: {}` no topo, e cada job declara o que precisa.'
    }),
    'no-config': () => ({
      what: 'Não há arquivo de entrega; por isso nada pode ser implantado.',
      todo: 'Crie o arquivo; a documentação mostra as quatro linhas necessárias.'
    }),
    'no-deploy': () => ({
      what: 'Nada diz como implantar.',
      todo: 'Escreva uma seção `deploy:` com `run:`.'
    }),
    'no-verify': () => ({
      what: 'Nada verifica se uma entrega funciona; por isso nenhuma pode ser revertida sozinha.',
      todo: 'Escreva uma seção `verify:` com `http:` ou `run:`.'
    }),
    unpinned: ({ uses }) => ({
      what: `A action ${uses} não está fixada: o código dela pode mudar sem aviso.`,
      todo: 'Indique-a pelos 40 dígitos de um commit, com a versão em um comentário.'
    }),
    cancels: ({ job }) => ({
      what: `Uma execução mais nova cancela pela metade a entrega do job ${job}.`,
      todo: 'Remova `cancel-in-progress` e escreva `queue: max`.'
    }),
    drops: ({ job }) => ({
      what: `O GitHub descarta uma entrega do job ${job} que espera a sua vez quando chega outra.`,
      todo: 'Escreva `queue: max` junto de `group:`.'
    }),
    'holds-queue': ({ job }) => ({
      what: `Enquanto o job ${job} espera a aprovação, ele segura o seu grupo, e nada atrás dele é executado.`,
      todo: 'Remova `concurrency` daqui; as entregas formam fila por si.'
    }),
    'gate-bypassed': ({ job, environment }) => ({
      what: `O job ${job} entrega em ${environment} sem declará-lo como seu ambiente; por isso o GitHub não consulta ninguém.`,
      todo: 'Escreva `environment:` com esse nome no job.'
    }),
    'copy-changed': ({ template, version }) => ({
      what: `Esta cópia do modelo ${template} (${version}) foi alterada.`,
      todo: 'Copie-o de novo, ou remova a primeira linha para assumi-lo.'
    }),
    'copy-other': ({ template, version }) => ({
      what: `Esta cópia do modelo ${template} é da versão ${version}, e não da que está em uso.`,
      todo: 'Copie o modelo de novo, da versão que você usa.'
    }),
    unreadable: ({ problem }) => ({
      what: `Não foi possível ler este arquivo de workflow: ${problem}.`,
      todo: 'Corrija-o se o GitHub também o recusar.'
    })
  }
};
