package io.portproxy.admin.manage;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.portproxy.manage.HttpDefinition;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The HTTP settings of hosts and of ports of type http, as JSON. */
public final class HttpJson {
    private HttpJson() {}

    /**
     * Changes to header fields of requests and answers.
     *
     * @param request changes to requests; without it none
     * @param response changes to the target's answers; without it none
     */
    @Schema(name = "HeaderRules")
    public record Headers(Fields request, Fields response) {}

    /**
     * The changes to the fields of a head.
     *
     * @param set fields that get a value of yours, each name with its value, up to 50. Only an export shows the values;
     *     elsewhere they are {@code (hidden)}, which means the current value
     * @param remove the names of fields that are removed, up to 50
     */
    @Schema(name = "FieldRules")
    public record Fields(Map<String, String> set, List<String> remove) {
        private static Fields of(HttpDefinition.Fields fields) {
            return new Fields(fields.set(), fields.remove());
        }
    }

    /**
     * The header field Strict-Transport-Security, which tells browsers to use only https. It is in every answer for
     * which TLS ends at this server.
     *
     * @param maxAge how long a browser remembers it, such as {@code 365d}. Default: 365d
     * @param includeSubdomains whether it applies to all names below the host too. Default: false
     * @param preload whether browser vendors may add the host to their lists. Default: false
     */
    @Schema(name = "Hsts")
    public record Hsts(String maxAge, boolean includeSubdomains, boolean preload) {}

    /**
     * The login that requests need.
     *
     * @param basic the login by name and password, for which browsers ask
     */
    @Schema(name = "Auth")
    public record Auth(
            @Schema(requiredMode = Schema.RequiredMode.REQUIRED)
            Basic basic) {}

    /**
     * The login by HTTP's scheme Basic (RFC 7617).
     *
     * @param users users who may log in, 1 to 1000
     * @param realm the name that browsers show when they ask for the password. Default: Restricted
     * @param except prefixes of paths that need no password, such as {@code /health}
     * @param pass whether the target gets the name and the password. Default: false
     */
    @Schema(name = "BasicAuth")
    public record Basic(
            @Schema(requiredMode = Schema.RequiredMode.REQUIRED)
            List<User> users,

            String realm,
            List<String> except,
            boolean pass) {}

    /**
     * A user who may send requests.
     *
     * @param name the name, 1 to 64 characters without a colon
     * @param password the password, 8 characters to 72 bytes, of which the server keeps a hash; or the hash after
     *     <code>{bcrypt}</code>, as an export has it. It is not shown. Without it, an existing user keeps the password
     */
    @Schema(name = "BasicUser")
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record User(
            @Schema(requiredMode = Schema.RequiredMode.REQUIRED)
            String name,

            Optional<String> password) {
        private static User of(HttpDefinition.User user) {
            return new User(
                    user.name(),
                    Optional.of(user.password()).filter(password -> !password.equals(HttpDefinition.HIDDEN)));
        }

        /** Returns the name, without the password. */
        @Override
        public String toString() {
            return name;
        }
    }

    /** Returns the changes to header fields; empty if there are none. */
    public static Optional<Headers> headers(HttpDefinition http) {
        return http.headers().equals(HttpDefinition.Headers.NONE)
                ? Optional.empty()
                : Optional.of(new Headers(
                        Fields.of(http.headers().request()),
                        Fields.of(http.headers().response())));
    }

    /** Returns the HSTS settings; empty if browsers do not get the field. */
    public static Optional<Hsts> hsts(HttpDefinition http) {
        return http.hsts().map(hsts -> new Hsts(hsts.maxAge(), hsts.includeSubdomains(), hsts.preload()));
    }

    /** Returns the login; empty if anybody may send requests. */
    public static Optional<Auth> auth(HttpDefinition http) {
        return http.auth()
                .map(HttpDefinition.Auth::basic)
                .map(basic -> new Auth(new Basic(
                        basic.users().stream().map(User::of).toList(), basic.realm(), basic.except(), basic.pass())));
    }
}
