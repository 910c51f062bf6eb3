{{/* Names and labels, as helm create has them. */}}
{{- define "portproxy.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* Short enough that a port group's name fits behind it. */}}
{{- define "portproxy.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 46 | trimSuffix "-" }}
{{- else }}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- if contains $name .Release.Name }}
{{- .Release.Name | trunc 46 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 46 | trimSuffix "-" }}
{{- end }}
{{- end }}
{{- end }}

{{- define "portproxy.chart" -}}
{{- printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "portproxy.commonLabels" -}}
helm.sh/chart: {{ include "portproxy.chart" . }}
app.kubernetes.io/name: {{ include "portproxy.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- if .Chart.AppVersion }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- end }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "portproxy.labels" -}}
{{ include "portproxy.commonLabels" . }}
app.kubernetes.io/component: {{ .Values.role }}
{{- end }}

{{/* The component keeps the test's pod out of the Services. */}}
{{- define "portproxy.selectorLabels" -}}
app.kubernetes.io/name: {{ include "portproxy.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: {{ .Values.role }}
{{- end }}

{{- define "portproxy.testSelectorLabels" -}}
app.kubernetes.io/name: {{ include "portproxy.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: test
{{- end }}

{{- define "portproxy.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "portproxy.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "portproxy.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ with .Values.image.digest }}@{{ . }}{{ end }}
{{- end }}

{{/* The address that something listens on, with its port, or its ports if there is a last one. */}}
{{- define "portproxy.bind" -}}
{{- $host := .root.Values.listenAddress -}}
{{- if contains ":" $host }}[{{ $host }}]{{ else }}{{ $host }}{{ end }}:{{ int .port }}{{ if gt (int .last) (int .port) }}-{{ int .last }}{{ end }}
{{- end }}

{{/* Whether helm test has something to do, as "true" or nothing. */}}
{{- define "portproxy.tested" -}}
{{- if .Values.test.enabled -}}
{{- if eq .Values.role "client" -}}
{{- if .Values.test.through }}true{{ end -}}
{{- else if not (and .Values.tls.enabled (eq .Values.tls.clientAuth "need")) -}}
true
{{- end -}}
{{- end -}}
{{- end }}

{{/*
The ports of this role as a JSON list, each with all that follows from it. Everything that has ports starts here. A range is one entry,
whose last port is another than its port.
*/}}
{{- define "portproxy.ports" -}}
{{- $root := . -}}
{{- $ports := list -}}
{{- range .Values.ports -}}
{{- $use := .use | default "expose" -}}
{{- if or (eq $use "admin") (eq $root.Values.role "server") -}}
{{- $group := .group | default (ternary "users" $use (has $use (list "expose" "gateway"))) -}}
{{- $ends := regexFindAll "[0-9]+" (toString .port) -1 -}}
{{- $first := first $ends | int -}}
{{- $own := dict "use" $use "group" $group "port" $first "last" (last $ends | int) "servicePort" (.servicePort | default $first | int) "protocol" "TCP" -}}
{{- if eq (.type | default "tcp") "udp" -}}{{- $_ := set $own "protocol" "UDP" -}}{{- end -}}
{{- $ports = append $ports (merge $own .) -}}
{{- end -}}
{{- end -}}
{{- if and (eq .Values.role "server") (include "portproxy.tested" .) -}}
{{- $port := int .Values.test.port -}}
{{- $ports = append $ports (dict "name" "test" "use" "expose" "group" "test" "port" $port "last" $port "servicePort" $port "protocol" "TCP" "remote" .Values.test.remote "target" "17210") -}}
{{- end -}}
{{- toJson $ports -}}
{{- end }}

{{/* The one port with that use. */}}
{{- define "portproxy.port" -}}
{{- range include "portproxy.ports" .root | fromJsonArray -}}
{{- if eq .use $.use }}{{ int .port }}{{ end -}}
{{- end -}}
{{- end }}

{{- define "portproxy.servicePort" -}}
{{- range include "portproxy.ports" .root | fromJsonArray -}}
{{- if eq .use $.use }}{{ int .servicePort }}{{ end -}}
{{- end -}}
{{- end }}

{{/* The names of remotes that have a port, a host or settings, as a JSON list. A client has none. */}}
{{- define "portproxy.remotes" -}}
{{- $names := list -}}
{{- range concat (include "portproxy.ports" . | fromJsonArray) (include "portproxy.hosts" . | fromJsonArray) -}}
{{- if .remote -}}{{- $names = append $names .remote -}}{{- end -}}
{{- end -}}
{{- if eq .Values.role "server" -}}{{- $names = concat $names (keys .Values.remotes | sortAlpha) -}}{{- end -}}
{{- uniq $names | toJson -}}
{{- end }}

{{/* The names at gateways, as a JSON list. A client has none. */}}
{{- define "portproxy.hosts" -}}
{{- ternary .Values.hosts list (eq .Values.role "server") | toJson -}}
{{- end }}

{{/* Whether users come to hosts, as "true" or nothing. */}}
{{- define "portproxy.hasGateway" -}}
{{- $found := false -}}
{{- range include "portproxy.ports" . | fromJsonArray -}}
{{- if eq .use "gateway" -}}{{- $found = true -}}{{- end -}}
{{- end -}}
{{- if $found -}}true{{- end -}}
{{- end }}

{{/* Whether a gateway gets its certificates by ACME, as "true" or nothing. */}}
{{- define "portproxy.hasAcme" -}}
{{- $found := false -}}
{{- range include "portproxy.ports" . | fromJsonArray -}}
{{- if and (eq .use "gateway") .acme -}}{{- $found = true -}}{{- end -}}
{{- end -}}
{{- if $found -}}true{{- end -}}
{{- end }}

{{/* The Secrets with certificates of gateways, as a JSON list. */}}
{{- define "portproxy.gatewayCertificates" -}}
{{- $secrets := list -}}
{{- range include "portproxy.ports" . | fromJsonArray -}}
{{- if eq .use "gateway" -}}{{- $secrets = concat $secrets (.certificates | default list) -}}{{- end -}}
{{- end -}}
{{- uniq $secrets | toJson -}}
{{- end }}

{{/* The keys of a remote's tokens in their Secret, as a JSON list. */}}
{{- define "portproxy.tokenKeys" -}}
{{- $keys := get .root.Values.tokens.keys .remote | default (list (printf "%s-token" .remote)) -}}
{{- range $keys -}}
{{- if not (regexMatch "^[-._a-zA-Z0-9]+$" .) -}}
{{- fail (printf "tokens.keys: the remote name %s cannot be a Secret's key: say the key of its token under tokens.keys" $.remote) -}}
{{- end -}}
{{- end -}}
{{- toJson $keys -}}
{{- end }}

{{/* Those who may use the admin API, as a JSON list; with metrics to protect, the one who scrapes them, too. */}}
{{- define "portproxy.users" -}}
{{- $users := .Values.admin.users -}}
{{- if and .Values.serviceMonitor.enabled (not .Values.admin.openPrometheus) -}}
{{- $users = append $users (dict "name" "prometheus" "role" "viewer") -}}
{{- end -}}
{{- toJson $users -}}
{{- end }}

{{/* Where remotes of the API are kept: none, file or database. A client keeps nothing. */}}
{{- define "portproxy.store" -}}
{{- ternary .Values.store.type "none" (eq .Values.role "server") -}}
{{- end }}

{{- define "portproxy.tokensSecret" -}}
{{ .Values.tokens.existingSecret | default (printf "%s-tokens" (include "portproxy.fullname" .)) }}
{{- end }}

{{- define "portproxy.adminSecret" -}}
{{ .Values.admin.existingSecret | default (printf "%s-admin" (include "portproxy.fullname" .)) }}
{{- end }}

{{- define "portproxy.tlsSecret" -}}
{{ .Values.tls.existingSecret | default (printf "%s-tls" (include "portproxy.fullname" .)) }}
{{- end }}

{{/* The files that TLS needs, as a JSON list; empty without TLS. */}}
{{- define "portproxy.tlsFiles" -}}
{{- $files := list -}}
{{- with .Values.tls -}}
{{- $server := eq $.Values.role "server" -}}
{{- if and .enabled (or $server .admin (eq .clientAuth "need")) -}}
{{- $files = list "tls.crt" "tls.key" -}}
{{- end -}}
{{- if and .enabled (ternary (eq .clientAuth "need") .ca $server) -}}
{{- $files = append $files "ca.crt" -}}
{{- end -}}
{{- end -}}
{{- toJson $files -}}
{{- end }}

{{/* What Secrets are made with, the same in each template: what is there already, else something new. */}}
{{- define "portproxy.generated" -}}
{{- if not (hasKey .Values "generated") -}}
{{- $fullname := include "portproxy.fullname" . -}}
{{- $all := dict -}}
{{- $tokens := list -}}
{{- $passwords := list -}}
{{- if and (eq .Values.role "server") .Values.tokens.enabled (not .Values.tokens.existingSecret) -}}
{{- range include "portproxy.remotes" . | fromJsonArray -}}
{{- if ne . $.Values.test.remote -}}
{{- $tokens = concat $tokens (include "portproxy.tokenKeys" (dict "root" $ "remote" .) | fromJsonArray) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if not .Values.admin.existingSecret -}}
{{- range include "portproxy.users" . | fromJsonArray -}}
{{- $passwords = append $passwords (printf "%s-password" .name) -}}
{{- end -}}
{{- end -}}
{{- $test := list -}}
{{- if and (eq .Values.role "server") (include "portproxy.tested" .) -}}
{{- $test = list "token" -}}
{{- end -}}
{{- range $part, $keys := dict "tokens" $tokens "admin" $passwords "test" $test -}}
{{- $old := dict -}}
{{- if $.Release.IsUpgrade -}}
{{- $old = (lookup "v1" "Secret" $.Release.Namespace (printf "%s-%s" $fullname $part)).data | default dict -}}
{{- end -}}
{{- $data := dict -}}
{{- range $keys -}}
{{- $_ := set $data . (get $old . | default (randAlphaNum 40 | b64enc)) -}}
{{- end -}}
{{- $_ := set $all $part $data -}}
{{- end -}}
{{- $_ := set .Values "generated" $all -}}
{{- end -}}
{{- toJson .Values.generated -}}
{{- end }}

{{/*
What is in the Secrets and ConfigMaps that others made and a pod reads once, at its start, as far as a cluster can be asked:
another content makes other pods. Not the certificates: they are read anew while it runs.
*/}}
{{- define "portproxy.seen" -}}
{{- $secrets := list .Values.tokens.existingSecret .Values.admin.existingSecret -}}
{{- if eq (include "portproxy.store" .) "database" -}}
{{- $secrets = append $secrets .Values.store.database.existingSecret -}}
{{- end -}}
{{- $maps := list -}}
{{- range .Values.envFrom -}}
{{- with .secretRef }}{{ $secrets = append $secrets .name }}{{ end -}}
{{- with .configMapRef }}{{ $maps = append $maps .name }}{{ end -}}
{{- end -}}
{{- range .Values.env -}}
{{- with .valueFrom -}}
{{- with .secretKeyRef }}{{ $secrets = append $secrets .name }}{{ end -}}
{{- with .configMapKeyRef }}{{ $maps = append $maps .name }}{{ end -}}
{{- end -}}
{{- end -}}
{{- range .Values.extraVolumes -}}
{{- with .secret }}{{ $secrets = append $secrets .secretName }}{{ end -}}
{{- with .configMap }}{{ $maps = append $maps .name }}{{ end -}}
{{- end -}}
{{- $seen := dict -}}
{{- range $kind, $names := dict "Secret" $secrets "ConfigMap" $maps -}}
{{- range compact $names | uniq -}}
{{- $object := lookup "v1" $kind $.Release.Namespace . -}}
{{- $_ := set $seen (printf "%s/%s" $kind .) (list $object.data $object.binaryData) -}}
{{- end -}}
{{- end -}}
{{- toJson $seen -}}
{{- end }}

{{/* A port's entries in its Service: one, or for a range one for each port of it. */}}
{{- define "portproxy.servicePortEntry" -}}
{{- $port := . -}}
{{- $more := sub (int .last) (int .port) | int -}}
{{- range $i := until (add1 $more | int) }}
{{- $number := add (int $port.port) $i }}
- name: {{ ternary (printf "%s-%d" $port.name $number) $port.name (gt $more 0) }}
  port: {{ add (int $port.servicePort) $i }}
  targetPort: {{ ternary $number $port.name (gt $more 0) }}
  protocol: {{ $port.protocol }}
  {{- with $port.appProtocol }}
  appProtocol: {{ . }}
  {{- end }}
  {{- with $port.nodePort }}
  nodePort: {{ int . }}
  {{- end }}
{{- end }}
{{- end }}

{{/* A port's entries in the container. Those of a range have no names, which would be too long. */}}
{{- define "portproxy.containerPortEntry" -}}
{{- $port := . -}}
{{- $more := sub (int .last) (int .port) | int -}}
{{- range $i := until (add1 $more | int) }}
- containerPort: {{ add (int $port.port) $i }}
  protocol: {{ $port.protocol }}
  {{- if eq $more 0 }}
  name: {{ $port.name }}
  {{- end }}
{{- end }}
{{- end }}

{{- define "portproxy.probe" -}}
httpGet:
  path: /actuator/health/{{ .group }}
  port: {{ .port }}
  {{- if .root.Values.tls.admin }}
  scheme: HTTPS
  {{- end }}
{{ toYaml .timing }}
{{- end }}

{{/* The name of the Service that has the one port with that use. */}}
{{- define "portproxy.service" -}}
{{- range include "portproxy.ports" .root | fromJsonArray -}}
{{- if eq .use $.use }}{{ include "portproxy.fullname" $.root }}-{{ .group }}{{ end -}}
{{- end -}}
{{- end }}

{{/* The Service of the port with that name, as JSON with name and number. */}}
{{- define "portproxy.backend" -}}
{{- range include "portproxy.ports" .root | fromJsonArray -}}
{{- if eq .name $.port -}}
{{- dict "name" (printf "%s-%s" (include "portproxy.fullname" $.root) .group) "number" (int .servicePort) | toJson -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/* Whether no pod runs, as "true" or nothing. */}}
{{- define "portproxy.stopped" -}}
{{- if and (eq (int .Values.replicaCount) 0) (not .Values.autoscaling.enabled) }}true{{ end -}}
{{- end }}
