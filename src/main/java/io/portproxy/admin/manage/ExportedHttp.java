package io.portproxy.admin.manage;

import io.portproxy.manage.HttpDefinition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Writes the HTTP settings of hosts and ports of type http for a configuration file. */
final class ExportedHttp {
    /** Keys with other characters lose these characters, unless they are in brackets. */
    private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z0-9-]+");

    private ExportedHttp() {}

    /** @param entry the port or host */
    static void put(Map<String, Object> entry, HttpDefinition http) {
        http.hostHeader().ifPresent(value -> entry.put("host-header", literal(value)));
        http.forwardedHeaders().ifPresent(value -> entry.put("forwarded-headers", value));
        if (!http.trustedProxies().isEmpty()) {
            entry.put("trusted-proxies", http.trustedProxies());
        }
        http.maxRequestHead().ifPresent(value -> entry.put("max-request-head", value));
        http.responseTimeout().ifPresent(time -> entry.put("response-timeout", literal(time)));
        if (!http.headers().equals(HttpDefinition.Headers.NONE)) {
            entry.put("headers", headers(http.headers()));
        }
        http.hsts().ifPresent(hsts -> entry.put("hsts", hsts(hsts)));
        http.auth().ifPresent(auth -> entry.put("auth", Map.of("basic", basic(auth.basic()))));
    }

    private static Map<String, Object> headers(HttpDefinition.Headers headers) {
        Map<String, Object> written = new LinkedHashMap<>();
        fields(written, "request", headers.request());
        fields(written, "response", headers.response());
        return written;
    }

    private static void fields(Map<String, Object> headers, String name, HttpDefinition.Fields fields) {
        Map<String, Object> written = new LinkedHashMap<>();
        if (!fields.set().isEmpty()) {
            Map<String, Object> set = new LinkedHashMap<>();
            fields.set().forEach((field, value) -> set.put(key(field), literal(value)));
            written.put("set", set);
        }
        if (!fields.remove().isEmpty()) {
            written.put("remove", literals(fields.remove()));
        }
        if (!written.isEmpty()) {
            headers.put(name, written);
        }
    }

    private static String key(String field) {
        return PLAIN_KEY.matcher(field).matches() ? field : "[" + field + "]";
    }

    private static Map<String, Object> hsts(HttpDefinition.Hsts hsts) {
        Map<String, Object> written = new LinkedHashMap<>();
        written.put("max-age", literal(hsts.maxAge()));
        written.put("include-subdomains", hsts.includeSubdomains());
        written.put("preload", hsts.preload());
        return written;
    }

    private static Map<String, Object> basic(HttpDefinition.Basic basic) {
        Map<String, Object> written = new LinkedHashMap<>();
        written.put("users", basic.users().stream().map(ExportedHttp::user).toList());
        written.put("realm", literal(basic.realm()));
        if (!basic.except().isEmpty()) {
            written.put("except", literals(basic.except()));
        }
        written.put("pass", basic.pass());
        return written;
    }

    private static Map<String, Object> user(HttpDefinition.User user) {
        Map<String, Object> written = new LinkedHashMap<>();
        written.put("name", literal(user.name()));
        written.put("password", literal(user.password()));
        return written;
    }

    private static List<String> literals(List<String> texts) {
        return texts.stream().map(ExportedHttp::literal).toList();
    }

    private static String literal(String text) {
        return ExportedFile.literal(text);
    }
}
