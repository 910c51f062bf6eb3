{{/* The application's configuration as far as other values than config say it. */}}
{{- define "portproxy.own" -}}
{{- $v := .Values -}}
server:
  address: {{ $v.listenAddress | quote }}
  port: {{ include "portproxy.port" (dict "root" . "use" "admin") }}
  {{- if $v.tls.admin }}
  ssl:
    bundle: tunnel
  {{- end }}
{{- $store := include "portproxy.store" . }}
spring:
  config:
    import: configtree:/etc/portproxy/secrets/
  {{- if eq $store "database" }}
  datasource:
    url: {{ $v.store.database.url | quote }}
    username: ${database-username}
    password: ${database-password}
  {{- end }}
  {{- $certificates := include "portproxy.gatewayCertificates" . | fromJsonArray }}
  {{- if or $v.tls.enabled $certificates }}
  ssl:
    bundle:
      pem:
        {{- if $v.tls.enabled }}
        {{- include "portproxy.bundle" (include "portproxy.tlsFiles" . | fromJsonArray) | nindent 8 }}
        {{- end }}
        {{- range $certificates }}
        gateway-{{ . }}:
          reload-on-update: true
          keystore:
            certificate: file:/etc/portproxy/certificates/{{ . }}/tls.crt
            private-key: file:/etc/portproxy/certificates/{{ . }}/tls.key
        {{- end }}
  {{- end }}
portproxy:
  shutdown-grace: {{ int $v.shutdownGrace }}s
  admin:
    open-prometheus: {{ $v.admin.openPrometheus }}
    users:
      {{- range include "portproxy.users" . | fromJsonArray }}
      - name: {{ .name | quote }}
        role: {{ .role | default "viewer" }}
        password: {{ printf "{noop}${%s-password}" .name | quote }}
      {{- end }}
  {{- if eq $v.role "server" }}
  store: {{ ternary "none" "required" (eq $store "none") }}
  {{- if ne $store "none" }}
  data: /var/lib/portproxy
  {{- end }}
  {{- if include "portproxy.hasAcme" . }}
  acme:
    terms-accepted: {{ $v.acme.termsAccepted }}
    staging: {{ $v.acme.staging }}
    {{- with $v.acme.email }}
    email: {{ . | quote }}
    {{- end }}
    {{- with $v.acme.directory }}
    directory: {{ . | quote }}
    {{- end }}
  {{- end }}
  {{- include "portproxy.ownServer" . | nindent 2 }}
  {{- else }}
  {{- include "portproxy.ownClient" . | nindent 2 }}
  {{- end }}
{{- end }}

{{- define "portproxy.ownServer" -}}
{{- $root := . -}}
{{- $ports := include "portproxy.ports" . | fromJsonArray -}}
server:
  bind: {{ include "portproxy.bind" (dict "root" . "port" (include "portproxy.port" (dict "root" . "use" "tunnel"))) | quote }}
  classic: {{ .Values.server.classic }}
  on-duplicate: {{ .Values.server.onDuplicate }}
  {{- if .Values.tls.enabled }}
  ssl:
    bundle: tunnel
    client-auth: {{ .Values.tls.clientAuth }}
  {{- end }}
  {{- if include "portproxy.hasGateway" . }}
  gateways:
    {{- range $ports }}
    {{- if eq .use "gateway" }}
    - name: {{ .name | quote }}
      bind: {{ include "portproxy.bind" (dict "root" $root "port" .port) | quote }}
      public-port: {{ int .servicePort }}
      {{- if .redirectToHttps }}
      redirect-to-https: true
      {{- end }}
      {{- with .certificates }}
      ssl:
        bundles:
          {{- range . }}
          - gateway-{{ . }}
          {{- end }}
      {{- end }}
      {{- if .acme }}
      ssl:
        acme: true
      {{- end }}
      {{- with .tunnel }}
      tunnel: {{ . | quote }}
      {{- end }}
    {{- end }}
    {{- end }}
  {{- end }}
  proxy:
    {{- range $remote := include "portproxy.remotes" . | fromJsonArray }}
    - remote-name: {{ $remote | quote }}
      {{- if or $root.Values.tokens.enabled (eq $remote $root.Values.test.remote) }}
      tokens:
        {{- range include "portproxy.tokenKeys" (dict "root" $root "remote" $remote) | fromJsonArray }}
        - {{ printf "${%s}" . | quote }}
        {{- end }}
      {{- end }}
      {{- with include "portproxy.ofRemote" (dict "all" $ports "remote" $remote) | fromJsonArray }}
      port-list:
        {{- range . }}
        - bind: {{ include "portproxy.bind" (dict "root" $root "port" .port) | quote }}
          remote: {{ .target | toString | quote }}
          {{- with .type }}
          type: {{ . }}
          {{- end }}
          {{- include "portproxy.http" . | nindent 10 }}
        {{- end }}
      {{- end }}
      {{- with include "portproxy.ofRemote" (dict "all" (include "portproxy.hosts" $root | fromJsonArray) "remote" $remote) | fromJsonArray }}
      host-list:
        {{- range . }}
        - host: {{ .host | quote }}
          remote: {{ .target | toString | quote }}
          {{- with .path }}
          path: {{ . | quote }}
          {{- end }}
          {{- with .gateways }}
          gateways: {{ toJson . }}
          {{- end }}
          {{- with .tls }}
          tls: {{ . }}
          {{- end }}
          {{- include "portproxy.http" . | nindent 10 }}
        {{- end }}
      {{- end }}
    {{- end }}
{{- end }}

{{/* Those of a list that are a remote's, as a JSON list. */}}
{{- define "portproxy.ofRemote" -}}
{{- $own := list -}}
{{- range .all -}}
{{- if eq (.remote | default "") $.remote -}}{{- $own = append $own . -}}{{- end -}}
{{- end -}}
{{- toJson $own -}}
{{- end }}

{{/* How requests to a port or a host are changed. */}}
{{- define "portproxy.http" -}}
{{- with .hostHeader }}
host-header: {{ . | quote }}
{{- end }}
{{- with .forwardedHeaders }}
forwarded-headers: {{ . }}
{{- end }}
{{- with .trustedProxies }}
trusted-proxies: {{ toJson . }}
{{- end }}
{{- end }}

{{- define "portproxy.ownClient" -}}
{{- with .Values.client -}}
client:
  name: {{ .name | quote }}
  server: {{ .server | quote }}
  connect-to: {{ .connectTo }}
  tunnels: {{ int .tunnels }}
  resolve-at-start: false
  {{- if $.Values.tokens.enabled }}
  token: {{ include "portproxy.tokenKeys" (dict "root" $ "remote" .name) | fromJsonArray | first | printf "${%s}" | quote }}
  {{- end }}
  {{- if $.Values.tls.enabled }}
  ssl:
    bundle: tunnel
  {{- end }}
  {{- with .allow }}
  allow:
    {{- range . }}
    - {{ . | toString | quote }}
    {{- end }}
    {{- if $.Values.test.echoPort }}
    - {{ int $.Values.test.echoPort | toString | quote }}
    {{- end }}
  {{- end }}
{{- end }}
{{- if .Values.test.echoPort }}
demo:
  echo-port: {{ int .Values.test.echoPort }}
{{- end }}
{{- end }}

{{/* The SSL bundle made of the files that there are. */}}
{{- define "portproxy.bundle" -}}
tunnel:
  reload-on-update: {{ not (empty .) }}
  {{- if has "tls.crt" . }}
  keystore:
    certificate: file:/etc/portproxy/tls/tls.crt
    private-key: file:/etc/portproxy/tls/tls.key
  {{- end }}
  {{- if has "ca.crt" . }}
  truststore:
    certificate: file:/etc/portproxy/tls/ca.crt
  {{- end }}
{{- end }}

{{- define "portproxy.config" -}}
{{- mergeOverwrite (deepCopy .Values.config) (include "portproxy.own" . | fromYaml) | toYaml -}}
{{- end }}

{{/* The Secrets' keys that are mounted as files, those that are used and no other. */}}
{{- define "portproxy.secretSources" -}}
- secret:
    name: {{ include "portproxy.adminSecret" . }}
    items:
      {{- range include "portproxy.users" . | fromJsonArray }}
      - {key: {{ printf "%s-password" .name | quote }}, path: {{ printf "%s-password" .name | quote }}}
      {{- end }}
{{- if eq (include "portproxy.store" .) "database" }}
{{- with .Values.store.database }}
- secret:
    name: {{ .existingSecret }}
    items:
      - {key: {{ .usernameKey | quote }}, path: database-username}
      - {key: {{ .passwordKey | quote }}, path: database-password}
{{- end }}
{{- end }}
{{- if .Values.tokens.enabled }}
{{- $keys := list }}
{{- if eq .Values.role "client" }}
{{- $keys = list (include "portproxy.tokenKeys" (dict "root" . "remote" .Values.client.name) | fromJsonArray | first) }}
{{- else }}
{{- range include "portproxy.remotes" . | fromJsonArray }}
{{- if ne . $.Values.test.remote }}
{{- $keys = concat $keys (include "portproxy.tokenKeys" (dict "root" $ "remote" .) | fromJsonArray) }}
{{- end }}
{{- end }}
{{- end }}
{{- with $keys | uniq }}
- secret:
    name: {{ include "portproxy.tokensSecret" $ }}
    items:
      {{- range . }}
      - {key: {{ . | quote }}, path: {{ . | quote }}}
      {{- end }}
{{- end }}
{{- end }}
{{- if and (eq .Values.role "server") (include "portproxy.tested" .) }}
- secret:
    name: {{ include "portproxy.fullname" . }}-test
    items:
      - {key: token, path: {{ include "portproxy.tokenKeys" (dict "root" . "remote" .Values.test.remote) | fromJsonArray | first | quote }}}
{{- end }}
{{- end }}

{{/* The configuration of the test's pod. Of a server it is the remote whose port it tries; of a client it is a user. */}}
{{- define "portproxy.trial" -}}
{{- $fullname := include "portproxy.fullname" . -}}
{{- $all := gt (int .Values.replicaCount) 1 -}}
portproxy:
  {{- if eq .Values.role "client" }}
  trial:
    through: {{ .Values.test.through | quote }}
    bytes: {{ int .Values.test.bytes }}
  {{- else }}
  trial:
    through: {{ printf "%s-test:%d" $fullname (int .Values.test.port) | quote }}
    bytes: {{ int .Values.test.bytes }}
  demo:
    echo-port: 17210
  client:
    name: {{ .Values.test.remote | quote }}
    {{- if .Values.test.server }}
    server: {{ .Values.test.server | quote }}
    {{- else if $all }}
    server: {{ printf "%s-tunnel-pods:%s" $fullname (include "portproxy.port" (dict "root" . "use" "tunnel")) | quote }}
    {{- else }}
    server: {{ printf "%s:%s" (include "portproxy.service" (dict "root" . "use" "tunnel")) (include "portproxy.servicePort" (dict "root" . "use" "tunnel")) | quote }}
    {{- end }}
    connect-to: {{ ternary "all" "any" $all }}
    resolve-at-start: false
    token: "${token}"
    allow: ["17210"]
    {{- if .Values.tls.enabled }}
    ssl:
      bundle: tunnel
    {{- end }}
spring:
  config:
    import: configtree:/etc/portproxy/secrets/
  {{- if .Values.tls.enabled }}
  ssl:
    bundle:
      pem:
        {{- include "portproxy.bundle" (ternary (list "ca.crt") (list) .Values.tls.ca) | nindent 8 }}
  {{- end }}
  {{- end }}
{{- end }}
