package io.portproxy.admin.manage;

import io.portproxy.admin.events.EventStreams;
import io.portproxy.admin.security.AdminSettings;
import io.portproxy.admin.security.AuditLog;
import io.portproxy.admin.security.Sessions;
import io.portproxy.manage.AccountManager;
import io.portproxy.manage.NoSuchException;
import io.portproxy.manage.StoredUser;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.http.ResponseEntity;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Users of the admin API. Only an admin may see or change them. */
@RestController
@ConditionalOnWebApplication // only a web application has a password encoder
@RequestMapping(path = "/api/v1/users", produces = "application/json")
class UsersController {
    private final AdminSettings settings;
    private final Optional<AccountManager> accounts;
    private final PasswordEncoder encoder = PasswordEncoderFactories.createDelegatingPasswordEncoder();
    private final Sessions sessions;
    private final EventStreams streams;

    UsersController(
            AdminSettings settings, Optional<AccountManager> accounts, Sessions sessions, EventStreams streams) {
        this.settings = settings;
        this.accounts = accounts;
        this.sessions = sessions;
        this.streams = streams;
        accounts.ifPresent(manager -> {
            manager.whenChangedLate(this::logOut);
            manager.whenKeptLate(AuditLog::storeDid);
        });
    }

    /**
     * A new user, or the changes to a user.
     *
     * @param name the user's name: 1 to 64 of a-z, 0-9, ., _, @ and -; only for a new user
     * @param role what the user may do: {@code viewer}, {@code operator} or {@code admin}. Default for a new user:
     *     viewer
     * @param password the password, 12 characters to 72 bytes
     */
    @Schema(name = "UserRequest")
    record Wish(String name, String role, String password) {}

    /** Lists the users. Those that files declare come first, then the others by name. Passwords are not shown. */
    @GetMapping
    List<UserJson> listUsers() {
        return Stream.concat(
                        settings.users().stream().map(UserJson::of),
                        accounts.stream()
                                .flatMap(there -> there.users().stream())
                                .map(UserJson::of))
                .toList();
    }

    /**
     * Shows one user. Send the {@code ETag} to change the user; a user that a file declares has none.
     *
     * @param name the user's name
     */
    @GetMapping("{name}")
    ResponseEntity<UserJson> getUser(@PathVariable String name) {
        Optional<StoredUser> stored = accounts.flatMap(there -> there.user(name));
        if (stored.isPresent()) {
            return answer(stored.get());
        }
        return settings.users().stream()
                .filter(user -> user.name().equals(name))
                .findFirst()
                .map(user -> ResponseEntity.ok(UserJson.of(user)))
                .orElseThrow(() -> new NoSuchException("no user has the name " + name));
    }

    private static ResponseEntity<UserJson> answer(StoredUser user) {
        return ResponseEntity.ok()
                .eTag(IfMatch.quoted(AccountManager.tag(user)))
                .body(UserJson.of(user));
    }

    /** Adds a user. The server keeps only a hash of the password. */
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = Wish.class)))
    @ApiResponse(responseCode = "201", description = "The user.", useReturnTypeSchema = true)
    @PostMapping
    ResponseEntity<UserJson> addUser(HttpServletRequest request) throws IOException {
        JsonNode body = JsonBody.read(request);
        AccountReader.User wish = BodyMembers.read(body, AccountReader::newUser);
        StoredUser user = new StoredUser(
                wish.name(),
                wish.role().orElseThrow(),
                encoded(wish.password().orElseThrow()),
                Instant.now().truncatedTo(ChronoUnit.SECONDS));
        manager().addUser(user);
        AuditLog.did(request, "user " + user + " was added");
        return ResponseEntity.created(URI.create("/api/v1/users/" + user.name()))
                .eTag(IfMatch.quoted(AccountManager.tag(user)))
                .body(UserJson.of(user));
    }

    /**
     * Changes a user's role or password. The user is logged out everywhere. The last admin has to stay an admin.
     *
     * @param name the user's name
     * @param ifMatch the ETag of what you have read
     */
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = Wish.class)))
    @PatchMapping(
            path = "{name}",
            consumes = {"application/merge-patch+json", "application/json"})
    ResponseEntity<UserJson> changeUser(
            @PathVariable String name,
            @RequestHeader(name = "If-Match") Optional<String> ifMatch,
            HttpServletRequest request)
            throws IOException {
        JsonNode body = JsonBody.read(request);
        AccountReader.User wish = BodyMembers.read(body, members -> AccountReader.changedUser(name, members));
        Optional<String> password = wish.password().map(this::encoded);
        StoredUser changed = manager()
                .changeUser(
                        name,
                        IfMatch.of(ifMatch),
                        before -> new StoredUser(
                                name,
                                wish.role().orElse(before.role()),
                                password.orElse(before.password()),
                                before.created()));
        logOut(name);
        AuditLog.did(
                request, "user " + changed + " was changed" + (password.isPresent() ? ", with another password" : ""));
        return answer(changed);
    }

    /**
     * Removes a user. The user is logged out everywhere. The last admin cannot be removed.
     *
     * @param name the user's name
     * @param ifMatch the ETag of what you have read
     */
    @DeleteMapping("{name}")
    UserJson removeUser(
            @PathVariable String name,
            @RequestHeader(name = "If-Match") Optional<String> ifMatch,
            HttpServletRequest request) {
        StoredUser removed = manager().removeUser(name, IfMatch.of(ifMatch));
        logOut(name);
        AuditLog.did(request, "user " + removed + " was removed");
        return UserJson.of(removed);
    }

    private void logOut(String name) {
        sessions.end(name);
        streams.endOf(name);
    }

    private String encoded(String password) {
        return Objects.requireNonNull(encoder.encode(password));
    }

    private AccountManager manager() {
        return Changes.required(accounts);
    }
}
