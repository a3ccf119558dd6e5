/** Every key of `delivery.yml` once. */
export const WHOLE = `version:
  scheme: semver
  tag: v{version}
  release-on: any
  paths: [services/api/**]
build:
  run: npm ci && npm test && npm run build
  files: [dist/**, deploy.sh, '!dist/**/*.map', ./smoke.sh]
  images: [ghcr.io/acme/shop, localhost:5000/acme/shop_api]
  timeout: 45m
deploy:
  run: ./deploy.sh
  timeout: 5m
verify:
  run: ./smoke.sh
  http: { url: 'https://{environment}.shop.example/health', status: 204, contains: '{version}', successes: 2, private: true }
  within: 90s
rollback: manual
environments:
  staging: { url: 'https://staging.shop.example', rehearse-rollback: true }
  production:
    url: https://shop.example
    needs: [staging]
    gate: approval
    soak: 30m
    max-changes: 20
    freeze:
      - { weekly: 'Fri 16:00 - Mon 08:00', zone: America/Sao_Paulo, reason: nobody on call }
      - { from: 2026-12-20, to: 2027-01-02, reason: holidays, owner: ana }
    up: terraform apply -auto-approve
    down: terraform destroy -auto-approve
    best-before: 7d
preview: { up: ./up.sh, down: ./down.sh, expires: 3d }
announce: { latest: true, skip-label: quiet, slack: SLACK_ADDRESS, teams: TEAMS_ADDRESS, webhook: HOOK_2 }
language: pt-BR
`;
