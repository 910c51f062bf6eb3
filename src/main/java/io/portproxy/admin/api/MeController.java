package io.portproxy.admin.api;

import io.portproxy.admin.security.Rights;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The user who asks. */
@RestController
@RequestMapping(path = "/api/v1/me", produces = "application/json")
class MeController {

    /** Shows the user who asks. The answer says what this user may do. */
    @GetMapping
    Me getMe(Authentication who) {
        return new Me(who.getName(), Rights.of(who).key());
    }

    /**
     * A user.
     *
     * @param name the user's name, or the token's
     * @param role what it may do: {@code viewer}, who may look, or {@code admin}, who may also act
     */
    record Me(String name, String role) {}
}
