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
    - {{ include "portproxy.ownGateway" (dict "root" $root "port" .) }}
    {{- end }}
    {{- end }}
  {{- end }}
  proxy:
    {{- range $remote := include "portproxy.remotes" . | fromJsonArray }}
    - {{ include "portproxy.ownRemote" (dict "root" $root "remote" $remote) }}
    {{- end }}
{{- end }}

{{- define "portproxy.ownGateway" -}}
{{- $own := dict "name" .port.name "bind" (include "portproxy.bind" (dict "root" .root "port" .port.port)) -}}
{{- $_ := set $own "public-port" (int .port.servicePort) -}}
{{- if .port.redirectToHttps -}}{{- $_ := set $own "redirect-to-https" true -}}{{- end -}}
{{- $bundles := list -}}
{{- range .port.certificates -}}{{- $bundles = append $bundles (printf "gateway-%s" .) -}}{{- end -}}
{{- if $bundles -}}{{- $_ := set $own "ssl" (dict "bundles" $bundles) -}}{{- end -}}
{{- if .port.acme -}}{{- $_ := set $own "ssl" (dict "acme" true) -}}{{- end -}}
{{- with .port.tunnel -}}{{- $_ := set $own "tunnel" . -}}{{- end -}}
{{- include "portproxy.withSettings" (dict "of" (printf "ports: %s" .port.name) "own" $own "settings" .port.settings "reserved" (list "ssl")) -}}
{{- end }}

{{- define "portproxy.ownRemote" -}}
{{- $root := .root -}}
{{- $remote := .remote -}}
{{- $own := dict "remote-name" $remote -}}
{{- if or $root.Values.tokens.enabled (eq $remote $root.Values.test.remote) -}}
{{- $tokens := list -}}
{{- range include "portproxy.tokenKeys" (dict "root" $root "remote" $remote) | fromJsonArray -}}
{{- $tokens = append $tokens (printf "${%s}" .) -}}
{{- end -}}
{{- $_ := set $own "tokens" $tokens -}}
{{- end -}}
{{- $ports := list -}}
{{- range include "portproxy.ofRemote" (dict "all" (include "portproxy.ports" $root | fromJsonArray) "remote" $remote) | fromJsonArray -}}
{{- $ports = append $ports (include "portproxy.ownPort" (dict "root" $root "port" .) | fromJson) -}}
{{- end -}}
{{- if $ports -}}{{- $_ := set $own "port-list" $ports -}}{{- end -}}
{{- $hosts := list -}}
{{- range include "portproxy.ofRemote" (dict "all" (include "portproxy.hosts" $root | fromJsonArray) "remote" $remote) | fromJsonArray -}}
{{- $hosts = append $hosts (include "portproxy.ownHost" . | fromJson) -}}
{{- end -}}
{{- if $hosts -}}{{- $_ := set $own "host-list" $hosts -}}{{- end -}}
{{- $settings := get $root.Values.remotes $remote | default dict -}}
{{- include "portproxy.withSettings" (dict "of" (printf "remotes: %s" $remote) "own" $own "settings" $settings "reserved" (list "port-list" "host-list")) -}}
{{- end }}

{{- define "portproxy.ownPort" -}}
{{- $own := dict "bind" (include "portproxy.bind" (dict "root" .root "port" .port.port "last" .port.last)) "remote" (toString .port.target) -}}
{{- with .port.type -}}{{- $_ := set $own "type" . -}}{{- end -}}
{{- $own = merge $own (include "portproxy.http" .port | fromYaml) -}}
{{- include "portproxy.withSettings" (dict "of" (printf "ports: %s" .port.name) "own" $own "settings" .port.settings "reserved" (list "type")) -}}
{{- end }}

{{- define "portproxy.ownHost" -}}
{{- $own := dict "host" .host "remote" (toString .target) -}}
{{- with .path -}}{{- $_ := set $own "path" . -}}{{- end -}}
{{- with .gateways -}}{{- $_ := set $own "gateways" . -}}{{- end -}}
{{- with .tls -}}{{- $_ := set $own "tls" . -}}{{- end -}}
{{- $own = merge $own (include "portproxy.http" . | fromYaml) -}}
{{- include "portproxy.withSettings" (dict "of" (printf "hosts: %s" .host) "own" $own "settings" .settings "reserved" list) -}}
{{- end }}

{{/*
What other values say of a port, host, gateway or remote, and behind it its settings as they are, as JSON. Fails where both say the
same thing, in whatever spelling.
*/}}
{{- define "portproxy.withSettings" -}}
{{- $all := deepCopy .own -}}
{{- $taken := dict -}}
{{- range concat (keys .own) .reserved -}}{{- $_ := set $taken (include "portproxy.plain" .) "" -}}{{- end -}}
{{- range $key, $value := .settings -}}
{{- $plain := include "portproxy.plain" $key -}}
{{- if hasKey $taken $plain -}}
{{- with get $taken $plain -}}
{{- fail (printf "%s: the settings %s and %s are the same: remove one of the two" $.of . $key) -}}
{{- end -}}
{{- fail (printf "%s: the setting %s is set by other values of this chart: remove it here" $.of $key) -}}
{{- end -}}
{{- $_ := set $taken $plain $key -}}
{{- $_ := set $all $key $value -}}
{{- end -}}
{{- toJson $all -}}
{{- end }}

{{/* A key without what may differ between its spellings. */}}
{{- define "portproxy.plain" -}}
{{- lower . | replace "-" "" | replace "_" "" -}}
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
