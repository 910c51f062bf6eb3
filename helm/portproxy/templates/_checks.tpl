{{/* What the schema cannot say. Each failure names the value and the fix. */}}
{{- define "portproxy.check" -}}
{{- $v := .Values -}}
{{- $server := eq $v.role "server" -}}
{{- $uses := dict -}}
{{- $names := dict "test" "the test's port" -}}
{{- $numbers := dict -}}
{{- range $v.ports -}}
{{- $use := .use | default "expose" -}}
{{- if and (has $use (list "expose" "gateway")) (not $server) -}}
{{- fail (printf "ports: %s is for users, whom only a server has: remove it, or set role: server" .name) -}}
{{- end -}}
{{- if and (has $use (list "tunnel" "admin")) (hasKey $uses $use) -}}
{{- fail (printf "ports: %s and %s both have use: %s, of which there is one" (get $uses $use) .name $use) -}}
{{- end -}}
{{- $_ := set $uses $use .name -}}
{{- if hasKey $names .name -}}
{{- fail (printf "ports: the name %s is taken by %s: give each port its own" .name (get $names .name)) -}}
{{- end -}}
{{- $_ := set $names .name "another port" -}}
{{- end -}}
{{- if not (hasKey $uses "admin") -}}
{{- fail "ports: one needs use: admin, which probes ask; write {name: admin, use: admin, port: 9016}" -}}
{{- end -}}
{{- if and $server (not (hasKey $uses "tunnel")) -}}
{{- fail "ports: one needs use: tunnel, where remotes connect; write {name: tunnel, use: tunnel, port: 9015}" -}}
{{- end -}}
{{- if and $server (not (hasKey $uses "expose")) (not $v.hosts) (not $v.remotes) (not (include "portproxy.tested" .)) (eq (include "portproxy.store" .) "none") -}}
{{- fail "ports: nothing is exposed; write {name: web, port: 6688, remote: home, target: 17211}, leave test.enabled on, or set store.type" -}}
{{- end -}}
{{- range include "portproxy.ports" . | fromJsonArray -}}
{{- include "portproxy.checkRange" . -}}
{{- $port := . -}}
{{- range $number := untilStep (int .port) (add1 .last | int) 1 -}}
{{- $key := printf "%d/%s" $number $port.protocol -}}
{{- if hasKey $numbers $key -}}
{{- fail (printf "ports: %s and %s both listen on %d" (get $numbers $key) $port.name $number) -}}
{{- end -}}
{{- $_ := set $numbers $key $port.name -}}
{{- end -}}
{{- if and (ne .name "test") (eq (.remote | default "") $v.test.remote) -}}
{{- fail (printf "test.remote: %s is the remote of port %s: name another" $v.test.remote .name) -}}
{{- end -}}
{{- if and (ne .group "test") (not (hasKey $v.services .group)) -}}
{{- fail (printf "services: port %s is of group %s, which is not there: add services.%s" .name .group .group) -}}
{{- end -}}
{{- $service := get $v.services .group | default dict -}}
{{- if and .nodePort (eq ($service.type | default "ClusterIP") "ClusterIP") -}}
{{- fail (printf "ports: %s has a nodePort, which services.%s.type: ClusterIP does not; set NodePort or LoadBalancer" .name .group) -}}
{{- end -}}
{{- end -}}
{{- include "portproxy.checkHosts" . -}}
{{- include "portproxy.checkAcme" . -}}
{{- include "portproxy.checkRole" . -}}
{{- include "portproxy.checkStore" . -}}
{{- include "portproxy.checkTls" . -}}
{{- include "portproxy.checkWays" . -}}
{{- include "portproxy.conflicts" (dict "own" (include "portproxy.own" . | fromYaml) "more" $v.config "path" "config") -}}
{{- end }}

{{/* A range of ports: each of them is a port of the Service. */}}
{{- define "portproxy.checkRange" -}}
{{- $first := int .port -}}
{{- $last := int .last -}}
{{- $most := 100 -}}
{{- if ne $first $last -}}
{{- $text := printf "%d-%d" $first $last -}}
{{- if or (lt $first 1024) (gt $last 65535) (gt $first $last) -}}
{{- fail (printf "ports: %s has the range %s: write the lower port first, both from 1024 to 65535" .name $text) -}}
{{- end -}}
{{- $count := add1 (sub $last $first) | int -}}
{{- if gt $count $most -}}
{{- fail (printf "ports: %s has the range %s, which is %d ports; each is a port of the Service, and a range has %d at most: write a shorter one" .name $text $count $most) -}}
{{- end -}}
{{- if gt (sub (add (int .servicePort) $count) 1) 65535 -}}
{{- fail (printf "ports: %s has the range %s, and with servicePort %d it ends above 65535: set a lower servicePort" .name $text (int .servicePort)) -}}
{{- end -}}
{{- if .nodePort -}}
{{- fail (printf "ports: %s has a range and a nodePort, which is one port: remove nodePort" .name) -}}
{{- end -}}
{{- if eq (.type | default "tcp") "http" -}}
{{- fail (printf "ports: %s has a range, which is not for type: http: write a port of its own for each application" .name) -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- define "portproxy.checkHosts" -}}
{{- $gateways := list -}}
{{- range include "portproxy.ports" . | fromJsonArray -}}
{{- if eq .use "gateway" -}}{{- $gateways = append $gateways .name -}}{{- end -}}
{{- end -}}
{{- if and .Values.hosts (not $gateways) -}}
{{- fail "hosts: no port has use: gateway, so nobody comes to them; write {name: web, use: gateway, port: 8080, servicePort: 80}" -}}
{{- end -}}
{{- range .Values.hosts -}}
{{- $host := .host -}}
{{- range .gateways -}}
{{- if not (has . $gateways) -}}
{{- fail (printf "hosts: %s is for the gateway %s, which no port is: write one of %s" $host . (join ", " $gateways)) -}}
{{- end -}}
{{- end -}}
{{- if eq .remote $.Values.test.remote -}}
{{- fail (printf "test.remote: %s is the remote of host %s: name another" .remote $host) -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- define "portproxy.checkAcme" -}}
{{- $acme := "" -}}
{{- $reached := false -}}
{{- range include "portproxy.ports" . | fromJsonArray -}}
{{- if eq .use "gateway" -}}
{{- if and .acme .certificates -}}
{{- fail (printf "ports: %s has acme and certificates: remove one of the two" .name) -}}
{{- end -}}
{{- if .acme -}}
{{- $acme = .name -}}
{{- if eq (int .servicePort) 443 -}}{{- $reached = true -}}{{- end -}}
{{- else if not .certificates -}}
{{- if eq (int .servicePort) 80 -}}{{- $reached = true -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if $acme -}}
{{- if not .Values.acme.termsAccepted -}}
{{- fail (printf "acme.termsAccepted: port %s has acme: read the terms of the authority, and set this to true" $acme) -}}
{{- end -}}
{{- if ne (include "portproxy.store" .) "file" -}}
{{- fail (printf "store.type: port %s has acme, whose keys and certificates have to outlive the pod: set it to file" $acme) -}}
{{- end -}}
{{- if not $reached -}}
{{- fail (printf "ports: the authority comes to port 80 or 443, and none of these is a gateway's: set servicePort: 443 for %s, or add {name: web, use: gateway, port: 8080, servicePort: 80}" $acme) -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- define "portproxy.checkRole" -}}
{{- $v := .Values -}}
{{- if and (eq $v.role "client") $v.remotes -}}
{{- fail "remotes: only a server has them: remove it, or set role: server" -}}
{{- end -}}
{{- if hasKey $v.remotes $v.test.remote -}}
{{- fail (printf "test.remote: %s is there in remotes: name another" $v.test.remote) -}}
{{- end -}}
{{- if and (eq $v.role "client") $v.tokens.enabled (not $v.tokens.existingSecret) -}}
{{- fail (printf "tokens.existingSecret: a client needs the token that the server knows: name the Secret that has it as %s, or set tokens.enabled: false" (include "portproxy.tokenKeys" (dict "root" . "remote" $v.client.name) | fromJsonArray | first)) -}}
{{- end -}}
{{- if and (eq $v.role "server") $v.autoscaling.enabled -}}
{{- fail "autoscaling: is for clients: every remote has to keep a tunnel to every pod of a server; set replicaCount" -}}
{{- end -}}
{{- if and $v.autoscaling.enabled (lt (int $v.autoscaling.maxReplicas) (int $v.autoscaling.minReplicas)) -}}
{{- fail "autoscaling.maxReplicas: is less than minReplicas" -}}
{{- end -}}
{{- range include "portproxy.users" . | fromJsonArray -}}
{{- if and (eq .name "prometheus") (ne .role "viewer") -}}
{{- fail "admin.users: prometheus is the user who scrapes metrics: a viewer is enough" -}}
{{- end -}}
{{- end -}}
{{- $names := include "portproxy.users" . | fromJsonArray -}}
{{- range $i, $user := $names -}}
{{- range $j, $other := $names -}}
{{- if and (lt $i $j) (eq $user.name $other.name) -}}
{{- fail (printf "admin.users: %s is there twice%s" $user.name (ternary "; the ServiceMonitor brings the user prometheus by itself" "" (eq $user.name "prometheus"))) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- define "portproxy.checkStore" -}}
{{- $store := .Values.store -}}
{{- if and (eq .Values.role "client") (ne $store.type "none") -}}
{{- fail "store.type: a client keeps nothing: remove it, or set role: server" -}}
{{- end -}}
{{- if and (ne $store.type "none") (gt (int .Values.replicaCount) 1) -}}
{{- fail (printf "store.type: one store is for one pod, and replicaCount is %d: set it to 1, or store.type to none" (int .Values.replicaCount)) -}}
{{- end -}}
{{- if eq $store.type "database" -}}
{{- if not $store.database.url -}}
{{- fail "store.database.url: is missing; write one such as jdbc:postgresql://db:5432/portproxy" -}}
{{- end -}}
{{- if not $store.database.existingSecret -}}
{{- fail (printf "store.database.existingSecret: is missing; name the Secret with %s and %s" $store.database.usernameKey $store.database.passwordKey) -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- define "portproxy.checkTls" -}}
{{- with .Values.tls -}}
{{- if and .enabled .existingSecret .certManager.enabled -}}
{{- fail "tls: existingSecret and certManager.enabled exclude each other" -}}
{{- end -}}
{{- if and .enabled (include "portproxy.tlsFiles" $ | fromJsonArray) (not .existingSecret) (not .certManager.enabled) -}}
{{- fail (printf "tls.existingSecret: name the Secret that has %s, or set tls.certManager.enabled" (include "portproxy.tlsFiles" $ | fromJsonArray | join ", ")) -}}
{{- end -}}
{{- if and .certManager.enabled (not .enabled) -}}
{{- fail "tls.certManager: has no effect without tls.enabled: true" -}}
{{- end -}}
{{- if and .certManager.enabled (not .certManager.issuerRef.name) -}}
{{- fail "tls.certManager.issuerRef.name: name the Issuer" -}}
{{- end -}}
{{- if and .admin (not .enabled) -}}
{{- fail "tls.admin: has no effect without tls.enabled: true" -}}
{{- end -}}
{{- if and (ne .clientAuth "none") (not .enabled) -}}
{{- fail "tls.clientAuth: has no effect without tls.enabled: true" -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/* Fails where config has what other values set. */}}
{{- define "portproxy.conflicts" -}}
{{- range $key, $value := .more -}}
{{- if hasKey $.own $key -}}
{{- $own := get $.own $key -}}
{{- $path := printf "%s.%s" $.path $key -}}
{{- if and (kindIs "map" $own) (kindIs "map" $value) -}}
{{- include "portproxy.conflicts" (dict "own" $own "more" $value "path" $path) -}}
{{- else -}}
{{- fail (printf "%s: is set by other values of this chart: remove it here" $path) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/* Ingress and HTTPRoute. */}}
{{- define "portproxy.checkWays" -}}
{{- with .Values.ingress -}}
{{- if and .enabled (not .hosts) -}}
{{- fail "ingress.hosts: leads nowhere; write {host: app.example.net, port: web}" -}}
{{- end -}}
{{- if .enabled -}}
{{- range .hosts }}{{ include "portproxy.checkWay" (dict "root" $ "path" "ingress.hosts" "port" .port) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- with .Values.httpRoute -}}
{{- if and .enabled (not .routes) -}}
{{- fail "httpRoute.routes: leads nowhere; write {hostnames: [app.example.net], port: web}" -}}
{{- end -}}
{{- if and .enabled (not .parentRefs) -}}
{{- fail "httpRoute.parentRefs: name the Gateway; write {name: gateway}" -}}
{{- end -}}
{{- if .enabled -}}
{{- $ports := dict -}}
{{- range .routes -}}
{{- include "portproxy.checkWay" (dict "root" $ "path" "httpRoute.routes" "port" .port) -}}
{{- if hasKey $ports .port -}}
{{- fail (printf "httpRoute.routes: port %s is there twice: put the hostnames into one entry" .port) -}}
{{- end -}}
{{- $_ := set $ports .port true -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- define "portproxy.checkWay" -}}
{{- $port := .port -}}
{{- $found := dict -}}
{{- range include "portproxy.ports" .root | fromJsonArray -}}
{{- if eq .name $port }}{{ $found = . }}{{ end -}}
{{- end -}}
{{- if not $found -}}
{{- fail (printf "%s: there is no port %s: write the name of one in ports" .path $port) -}}
{{- end -}}
{{- if ne (int $found.port) (int $found.last) -}}
{{- fail (printf "%s: port %s is a range, which is not HTTP: write the name of another" .path $port) -}}
{{- end -}}
{{- if eq $found.use "tunnel" -}}
{{- fail (printf "%s: port %s is where remotes connect, which is not HTTP: set services.tunnel.type: LoadBalancer" .path $port) -}}
{{- end -}}
{{- end }}
