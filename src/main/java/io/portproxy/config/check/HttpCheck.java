package io.portproxy.config.check;

import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.properties.HttpProperties;
import io.portproxy.config.properties.PortType;
import io.portproxy.http.BasicAuth;
import io.portproxy.http.ForwardedHeaders;
import io.portproxy.http.HeaderRules;
import io.portproxy.http.HostHeader;
import io.portproxy.http.HttpRewriteSettings;
import io.portproxy.net.AddressRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** Checks the properties that only hosts and exposed ports of {@code type: http} have. */
final class HttpCheck {
    private final Problems problems;
    private final Place place;
    private final PortType type;
    private final HttpProperties http;
    private final boolean ofHost;
    private HostHeader hostHeader = HostHeader.Policy.PRESERVE;
    private final List<AddressRange> trustedProxies = new ArrayList<>();
    private HeaderRules headers = HeaderRules.NONE;
    private Optional<BasicAuth> auth = Optional.empty();

    /**
     * @param ofHost whether the properties belong to a host; a host has no type, and {@code tls: passthrough} takes the place of
     *     {@code type: tcp}
     */
    HttpCheck(Problems problems, Place place, PortType type, HttpProperties http, boolean ofHost) {
        this.ofHost = ofHost;
        this.problems = problems;
        this.place = place;
        this.type = type;
        this.http = http;
    }

    /** Checks all properties, and adds a problem for each mistake. */
    void run() {
        new RangeCheck(problems, place)
                .size("max-request-head", http.maxRequestHead(), DataSize.ofKilobytes(1), DataSize.ofMegabytes(1));
        if (type != PortType.HTTP) {
            hasNoEffect("host-header", http.hostHeader());
            hasNoEffect("forwarded-headers", http.forwardedHeaders());
            hasNoEffect("trusted-proxies", http.trustedProxies());
            hasNoEffect("request-timeout", http.requestTimeout());
            hasNoEffect("response-timeout", http.responseTimeout());
            hasNoEffect("headers", http.headers() == null ? null : "");
            hasNoEffect("hsts", http.hsts() == null ? null : "");
            hasNoEffect("auth", http.auth() == null ? null : "");
        } else {
            if (http.requestTimeout() != null) {
                new RangeCheck(problems, place).duration("request-timeout", http.requestTimeout());
            }
            if (http.responseTimeout() != null) {
                new RangeCheck(problems, place).duration("response-timeout", http.responseTimeout());
            }
            hostHeader();
            trustedProxies();
            headers = new HeaderCheck(problems, place).run(http.headers(), http.hsts());
            auth = new BasicAuthCheck(problems, place.key("auth").key("basic")).run(http.auth());
        }
    }

    /** Returns how requests are rewritten; empty if they are not. Call this only if there are no problems. */
    Optional<HttpRewriteSettings> settings(String target) {
        return type != PortType.HTTP
                ? Optional.empty()
                : Optional.of(new HttpRewriteSettings(
                        hostHeader,
                        target,
                        forwardedHeaders(),
                        trustedProxies,
                        Math.toIntExact(http.maxRequestHead().toBytes()),
                        Optional.ofNullable(http.requestTimeout()),
                        Optional.ofNullable(http.responseTimeout()),
                        headers,
                        auth));
    }

    private ForwardedHeaders forwardedHeaders() {
        return Optional.ofNullable(http.forwardedHeaders()).orElse(ForwardedHeaders.ADD);
    }

    private void hasNoEffect(String key, @Nullable Object value) {
        if (value != null) {
            problems.add(
                    place.key(key),
                    value,
                    ofHost ? "has no effect with tls: passthrough" : "has no effect on type " + type,
                    ofHost ? "remove " + key + ", or tls" : "write type: http beside it, or remove " + key);
        }
    }

    private void hostHeader() {
        String text = Optional.ofNullable(http.hostHeader()).orElse("preserve");
        try {
            if (!text.isBlank()) {
                hostHeader = HostHeader.of(text);
                return;
            }
        } catch (IllegalArgumentException e) {
            // The problem below reports it, like a blank one.
        }
        problems.add(
                place.key("host-header"),
                text,
                "is not a Host",
                "write rewrite, preserve, or a host with or without a port");
    }

    private void trustedProxies() {
        List<String> written = Optional.ofNullable(http.trustedProxies()).orElse(List.of());
        for (int i = 0; i < written.size(); i++) {
            new AccessCheck(problems)
                    .range(place.key("trusted-proxies").entry(i), written.get(i))
                    .ifPresent(trustedProxies::add);
        }
        if (!written.isEmpty() && forwardedHeaders() == ForwardedHeaders.NONE) {
            problems.add(
                    place.key("trusted-proxies"),
                    written,
                    "has no effect with forwarded-headers: none, which removes these headers from every request",
                    "remove one of the two");
        }
    }
}
