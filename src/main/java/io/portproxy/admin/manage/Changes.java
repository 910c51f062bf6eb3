package io.portproxy.admin.manage;

import io.portproxy.admin.problem.BadParameterException;
import io.portproxy.admin.security.AuditLog;
import io.portproxy.manage.ChangeOptions;
import io.portproxy.manage.ChangeResult;
import io.portproxy.manage.ConflictException;
import io.portproxy.manage.Edited;
import io.portproxy.manage.NewToken;
import io.portproxy.manage.NoSuchException;
import io.portproxy.manage.PlannedRemote;
import io.portproxy.manage.RemoteManager;
import io.portproxy.manage.Tags;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.BiFunction;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.util.UriComponentsBuilder;

/** The common part of all requests that change something. */
@Component
final class Changes {
    private static final Duration LONGEST_DRAIN = Duration.ofHours(24);

    private final Optional<RemoteManager> manager;

    /** @param manager empty if this process is no proxy server */
    Changes(Optional<RemoteManager> manager) {
        this.manager = manager;
    }

    RemoteManager manager() {
        return required(manager);
    }

    /** @throws ConflictException if the value is missing because this process is no proxy server */
    static <T> T required(Optional<T> ofServers) {
        return ofServers.orElseThrow(
                () -> new ConflictException("this process is no proxy server: it keeps nothing that could be changed"));
    }

    /** @throws NoSuchException if there is no remote with that name */
    PlannedRemote remote(String name) {
        return manager().find(name).orElseThrow(() -> new NoSuchException("no remote has the name " + name));
    }

    /**
     * Makes a change and logs it.
     *
     * @param dryRun whether to only check the change
     * @param drain how long the streams of removed ports may continue
     */
    ChangeResult run(
            HttpServletRequest request,
            boolean dryRun,
            Optional<String> drain,
            BiFunction<RemoteManager, ChangeOptions, ChangeResult> change) {
        return edit(request, dryRun, drain, (manager, options) -> new Edited<>(change.apply(manager, options), manager))
                .result();
    }

    /** Does the same as {@link #run}, for a change of something that still exists afterwards. */
    <T> Edited<T> edit(
            HttpServletRequest request,
            boolean dryRun,
            Optional<String> drain,
            BiFunction<RemoteManager, ChangeOptions, Edited<T>> change) {
        Edited<T> edited = change.apply(manager(), new ChangeOptions(dryRun, drain.map(Changes::drain)));
        if (!dryRun) {
            ChangeLog.changed(request, edited.result());
        }
        return edited;
    }

    private static Duration drain(String text) {
        try {
            Duration drain = DurationStyle.detectAndParse(text, ChronoUnit.SECONDS);
            if (!drain.isNegative() && drain.compareTo(LONGEST_DRAIN) <= 0) {
                return drain;
            }
        } catch (IllegalArgumentException e) {
            // Reported below, together with values out of range.
        }
        throw new BadParameterException("drain", "write 0s to 24h, as in 10s");
    }

    /** Makes a token for a remote, and logs it. */
    NewToken makeToken(HttpServletRequest request, String name, String label, Optional<Instant> expires) {
        NewToken made = manager().addToken(name, label, expires);
        AuditLog.did(
                request,
                "remote " + name + " has a new token " + made.kept().id() + (label.isEmpty() ? "" : " (" + label + ")")
                        + expires.map(end -> " until " + end).orElse(""));
        return made;
    }

    /** Returns the answer to a change of something that still exists afterwards. */
    ResponseEntity<ChangeJson> answer(Edited<?> edited, boolean dryRun) {
        ResponseEntity.BodyBuilder answer = ResponseEntity.ok();
        if (!dryRun) {
            answer.eTag(IfMatch.quoted(Tags.of(edited.now())));
        }
        return answer.body(ChangeJson.of(edited.result(), dryRun));
    }

    /** Returns the answer to a change that has added something. */
    ResponseEntity<ChangeJson> added(ChangeResult result, boolean dryRun, Object definition, URI location) {
        if (dryRun) {
            return ResponseEntity.ok(ChangeJson.of(result, true));
        }
        return ResponseEntity.created(location)
                .eTag(IfMatch.quoted(Tags.of(definition)))
                .body(ChangeJson.of(result, false));
    }

    /** Returns the address of a remote, or of one of its parts. */
    static URI location(String... path) {
        return UriComponentsBuilder.fromPath("/api/v1/remotes")
                .pathSegment(path)
                .build()
                .encode()
                .toUri();
    }
}
