package io.portproxy.admin.events;

import io.portproxy.admin.problem.BadParameterException;
import io.portproxy.tunnel.telemetry.Event;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.propertyeditors.StringArrayPropertyEditor;
import org.springframework.http.MediaType;
import org.springframework.web.bind.WebDataBinder;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.InitBinder;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Events, sent as they happen. */
@RestController
@RequestMapping("/api/v1/events")
class EventsController {
    private final EventStreams streams;

    EventsController(EventStreams streams) {
        this.streams = streams;
    }

    /** Stops Spring from splitting texts at commas, because a remote's name may contain commas. */
    @InitBinder
    void takeTextsAsTheyAre(WebDataBinder binder) {
        binder.registerCustomEditor(String[].class, new StringArrayPropertyEditor("\n"));
    }

    /**
     * Sends events as they happen. The answer is a stream of server-sent events that does not end. Each has the event's
     * number as {@code id}, its type as {@code event}, and one line of JSON as {@code data}, which the schema
     * describes. If nothing happens for a while, the server sends a comment.
     *
     * @param remote only events of remotes with these names
     * @param type only events of these types; {@code dropped} is always sent
     * @param recent how many past events come first, and before them as many that are not about connections; has no
     *     effect together with {@code Last-Event-ID}
     */
    @GetMapping(produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @ApiResponse(
            responseCode = "200",
            description = "The stream; the schema is that of each event's data.",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                            schema = @Schema(implementation = EventJson.class)))
    void listenToEvents(
            @RequestParam(required = false) String @Nullable [] remote,
            @RequestParam(required = false) String @Nullable [] type,
            @RequestParam(defaultValue = "0") int recent,
            @Parameter(
                            description =
                                    "The number of the last event that was received. Later ones that are still kept come"
                                            + " first.")
                    @RequestHeader("Last-Event-ID")
                    Optional<String> lastEventId,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        if (recent < 0) {
            throw new BadParameterException("recent", "recent is " + recent + "; write 0 or more");
        }
        Predicate<Event> wanted = ofRemotes(remote).and(ofTypes(type));
        Optional<Long> after = lastEventId.map(EventsController::sequence);
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
        response.setCharacterEncoding("UTF-8");
        response.setHeader("X-Accel-Buffering", "no"); // a proxy in front must not buffer the stream
        if (request.getMethod().equals("GET")) {
            streams.open(request, response, wanted, after, recent);
        }
    }

    private static Predicate<Event> ofRemotes(String @Nullable [] names) {
        if (names == null) {
            return event -> true;
        }
        Set<String> wanted = Set.copyOf(Arrays.asList(names));
        return event -> wanted.contains(event.whose().remote());
    }

    private static Predicate<Event> ofTypes(String @Nullable [] keys) {
        if (keys == null) {
            return event -> true;
        }
        Set<Event.Type> wanted = EnumSet.noneOf(Event.Type.class);
        for (String key : keys) {
            if (!key.equals(EventJson.DROPPED)) { // always sent
                wanted.add(type(key));
            }
        }
        return event -> wanted.contains(event.type());
    }

    private static Event.Type type(String key) {
        return Arrays.stream(Event.Type.values())
                .filter(type -> type.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new BadParameterException(
                        "type",
                        "write one of "
                                + Stream.concat(
                                                Arrays.stream(Event.Type.values())
                                                        .map(Event.Type::key),
                                                Stream.of(EventJson.DROPPED))
                                        .collect(Collectors.joining(", "))));
    }

    private static long sequence(String id) {
        if (id.matches("[0-9]{1,18}")) {
            return Long.parseLong(id);
        }
        throw new BadParameterException("Last-Event-ID", "Last-Event-ID is the id of an event: a number, 0 or more");
    }
}
