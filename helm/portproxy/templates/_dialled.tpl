{{/*
What the pods dial, as JSON: ports, as a NetworkPolicy has them, and any, the targets for which every port of every host is open.
Which hosts these are is not said, because a NetworkPolicy knows no names.
*/}}
{{- define "portproxy.dialled" -}}
{{- $v := .Values -}}
{{- $config := $v.config.portproxy | default dict -}}
{{- $ranges := list -}}
{{- $any := list -}}
{{- if include "portproxy.hasAcme" . -}}
{{- $ranges = append $ranges (include "portproxy.urlPort" ($v.acme.directory | default "https://authority") | printf "TCP %s") -}}
{{- end -}}
{{- range $config.webhooks -}}
{{- with include "portproxy.urlPort" (.url | default "") -}}{{- $ranges = append $ranges (printf "TCP %s" .) -}}{{- end -}}
{{- end -}}
{{- if eq (include "portproxy.store" .) "database" -}}
{{- range regexFind "^jdbc:postgresql://[^/?]+" $v.store.database.url | trimPrefix "jdbc:postgresql://" | splitList "," -}}
{{- if . -}}
{{- $ranges = append $ranges (regexFind ":[0-9]+$" . | trimPrefix ":" | default "5432" | printf "TCP %s") -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if eq $v.role "client" -}}
{{- $ranges = append $ranges (regexFind "[0-9]+$" $v.client.server | printf "TCP %s") -}}
{{- $targets := $v.client.allow -}}
{{- range ($config.client | default dict).expose -}}{{- $targets = append $targets .target -}}{{- end -}}
{{- range $targets -}}
{{- $target := toString . -}}
{{- if not (regexMatch "^(unix:|127\\.|localhost:|\\[::1\\]:)" $target) -}}
{{- if hasSuffix ":*" $target -}}
{{- $any = append $any $target -}}
{{- else -}}
{{- with regexFind ":[0-9]+(-[0-9]+)?$" $target | trimPrefix ":" -}}
{{- $ranges = concat $ranges (list (printf "TCP %s" .) (printf "UDP %s" .)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $ports := list -}}
{{- range uniq $ranges -}}
{{- $ends := regexFindAll "[0-9]+" . -1 -}}
{{- $port := dict "protocol" (trunc 3 .) "port" (first $ends | int) -}}
{{- if gt (len $ends) 1 -}}{{- $_ := set $port "endPort" (last $ends | int) -}}{{- end -}}
{{- $ports = append $ports $port -}}
{{- end -}}
{{- dict "ports" $ports "any" (uniq $any) | toJson -}}
{{- end }}

{{/* The port of an http or https URL; nothing for what is none, such as a placeholder. */}}
{{- define "portproxy.urlPort" -}}
{{- $start := regexFind "^https?://[^/?#]+" (lower .) -}}
{{- if $start -}}
{{- regexFind ":[0-9]+$" $start | trimPrefix ":" | default (ternary "443" "80" (hasPrefix "https:" $start)) -}}
{{- end -}}
{{- end }}
