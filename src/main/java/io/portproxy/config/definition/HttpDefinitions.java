package io.portproxy.config.definition;

import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.properties.HttpProperties;
import io.portproxy.config.properties.Secret;
import io.portproxy.config.properties.Sizes;
import io.portproxy.http.ForwardedHeaders;
import io.portproxy.manage.HttpDefinition;
import io.portproxy.net.Durations;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** Converts what hosts and ports of type http do with requests and answers, between properties and definitions. */
final class HttpDefinitions {
    static final DataSize DEFAULT_REQUEST_HEAD = DataSize.ofKilobytes(32);

    private HttpDefinitions() {}

    /** Converts properties to a definition. */
    static HttpDefinition of(HttpProperties http) {
        return new HttpDefinition(
                Optional.ofNullable(http.hostHeader()),
                Optional.ofNullable(http.forwardedHeaders()).map(ForwardedHeaders::toString),
                http.trustedProxies() == null ? List.of() : http.trustedProxies(),
                requestHead(http.maxRequestHead()),
                Optional.ofNullable(http.responseTimeout()).map(Durations::text),
                http.headers() == null ? HttpDefinition.Headers.NONE : of(http.headers()),
                Optional.ofNullable(http.hsts())
                        .map(hsts ->
                                new HttpDefinition.Hsts(days(hsts.maxAge()), hsts.includeSubdomains(), hsts.preload())),
                Optional.ofNullable(http.auth())
                        .map(HttpProperties.Auth::basic)
                        .map(basic -> new HttpDefinition.Auth(of(basic))));
    }

    private static Optional<String> requestHead(DataSize size) {
        return size.equals(DEFAULT_REQUEST_HEAD) ? Optional.empty() : Optional.of(Sizes.text(size));
    }

    private static String days(Duration age) {
        return Duration.ofDays(age.toDays()).equals(age) ? age.toDays() + "d" : Durations.text(age);
    }

    private static HttpDefinition.Headers of(HttpProperties.Headers headers) {
        return new HttpDefinition.Headers(of(headers.request()), of(headers.response()));
    }

    private static HttpDefinition.Fields of(HttpProperties.@Nullable Fields fields) {
        return fields == null ? HttpDefinition.Fields.NONE : new HttpDefinition.Fields(fields.set(), fields.remove());
    }

    private static HttpDefinition.Basic of(HttpProperties.Basic basic) {
        return new HttpDefinition.Basic(
                basic.users().stream().map(HttpDefinitions::of).toList(), basic.realm(), basic.except(), basic.pass());
    }

    private static HttpDefinition.User of(HttpProperties.BasicUser user) {
        return new HttpDefinition.User(
                String.valueOf(user.name()),
                user.password() == null
                        ? HttpDefinition.HIDDEN
                        : user.password().text());
    }

    /** Returns the time limit for answers of a definition; null if it has none. */
    static @Nullable Duration responseTimeout(HttpDefinition http, Problems problems, Place place) {
        return http.responseTimeout()
                .map(text -> RemoteDefinitions.duration(problems, place.key("response-timeout"), text))
                .orElse(null);
    }

    /** Returns the rules for header fields of a definition; null if it has none. */
    static HttpProperties.@Nullable Headers headers(HttpDefinition http) {
        return http.headers().equals(HttpDefinition.Headers.NONE)
                ? null
                : new HttpProperties.Headers(
                        fields(http.headers().request()), fields(http.headers().response()));
    }

    private static HttpProperties.Fields fields(HttpDefinition.Fields fields) {
        return new HttpProperties.Fields(fields.set(), fields.remove());
    }

    /** Returns the HSTS rule of a definition; null if it has none. */
    static HttpProperties.@Nullable Hsts hsts(HttpDefinition http, Problems problems, Place place) {
        return http.hsts()
                .map(hsts -> new HttpProperties.Hsts(
                        RemoteDefinitions.duration(problems, place.key("hsts").key("max-age"), hsts.maxAge()),
                        hsts.includeSubdomains(),
                        hsts.preload()))
                .orElse(null);
    }

    /** Returns the users who may send requests, from a definition; null if everybody may. */
    static HttpProperties.@Nullable Auth auth(HttpDefinition http) {
        return http.auth()
                .map(HttpDefinition.Auth::basic)
                .map(basic -> new HttpProperties.Auth(new HttpProperties.Basic(
                        basic.users().stream().map(HttpDefinitions::user).toList(),
                        basic.realm(),
                        basic.except(),
                        basic.pass())))
                .orElse(null);
    }

    private static HttpProperties.BasicUser user(HttpDefinition.User user) {
        return new HttpProperties.BasicUser(
                user.name(),
                user.password().equals(HttpDefinition.HIDDEN)
                        ? null // no password was kept that this could stand for
                        : Secret.of(user.password()));
    }
}
