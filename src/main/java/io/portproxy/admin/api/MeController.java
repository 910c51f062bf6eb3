package io.portproxy.admin.api;

import io.portproxy.admin.security.Rights;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The user who sends the request. */
@RestController
@RequestMapping(path = "/api/v1/me", produces = "application/json")
class MeController {

    /** Shows the user who sends the request. The answer says what this user may do. */
    @GetMapping
    Me getMe(Authentication who) {
        return new Me(who.getName(), Rights.of(who).key());
    }

    /**
     * A user.
     *
     * @param name the user's name, or the token's
     * @param role what the user may do: {@code viewer} may read, {@code operator} may also close connections and
     *     disconnect remotes, and {@code admin} may do everything
     */
    record Me(String name, String role) {}
}
