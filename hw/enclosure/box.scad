// The box for the version without soldering: a base with two rooms, and a lid held by four M3 screws.
//
//   openscad -D 'part="base"' -o base.stl box.scad      (and "lid"; "both" shows them apart)
//
// All lengths in millimetres. At small x the telephone room (two RJ11 sockets, relay module), at large x the Pi with
// lamps and buttons; a wall as high as the box stands between them, open only for the wires to DC+, DC- and IN.
// The person faces the side at large y; the Pi's power and USB leave at y = 0 and, where it has them, at large x.
// Pi outlines, holes and ports: Raspberry Pi's mechanical drawings. Modules differ: measure yours and change the numbers.

part = "both"; // "base"; "lid"; "both", with the parts; "clash", where a part and the box are in one place: nowhere
pi = "zero2w"; // "zero2w", "3", "4"

wall = 2.4;
height = 38;
clearance = 0.4;

// RJ11 adapter with screw terminals; the plug enters through the opening.
jack_w = 17;
jack_l = 32;
jack_h = 17;
plug_w = 12.5;
plug_h = 11;

// Relay module: long side along the wall between the rooms.
relay_l = 50;
relay_w = 41;
relay_hole_l = 44.5;
relay_hole_w = 35.5;
wires_w = 10; // the gap in the wall for three wires
wires_h = 8;

// The panel on the lid, from the left upper corner as the person sees it; hw/label.py reads these numbers.
panel_w = 92;
panel_h = 40;
lamp_d = 8.2;
lamp_x = 9;
lamp_pitch = 13;
button_d = 16.2;
button_x = 54;
button_pitch = 25;
row_y = 19;

post = 8;
screw_d = 2.7; // an M3 screw cuts its own thread
standoff = 6;

pi_size = pi == "zero2w" ? [65, 30] : [85, 56];
pi_holes = pi == "zero2w" ? [58, 23] : [58, 49];
// Openings: [middle along the edge, width, bottom above the board's upper face, height].
pi_back = pi == "zero2w" ? [[41.4, 13, -2, 8], [54, 13, -2, 8]]
         : pi == "3" ? [[10.6, 13, -2, 8]]
         : [[11.2, 14, -2, 8]];
pi_side = pi == "zero2w" ? [] : pi == "3" ? [[29, 17, -1, 19], [47, 17, -1, 19], [10.25, 18, -1, 16]]
        : [[9, 17, -1, 19], [27, 17, -1, 19], [45.75, 18, -1, 16]];

line_l = jack_l + relay_w + 14;
pi_l = max(panel_w + post, pi_size[0]);
inner = [line_l + wall + pi_l, max(pi_size[1] + 2 + panel_h, relay_l + 2 * post), height];
outer = [inner[0] + 2 * wall, inner[1] + 2 * wall, inner[2] + wall];
pi_at = [inner[0] - pi_size[0] - (pi == "zero2w" ? post + 1 : clearance), clearance];
pi_top = standoff + 1.6;
panel_at = [inner[0] - post / 2, inner[1] - panel_h];
corner = post / 2 - 1; // a post grows into its walls
posts = [
    [corner, corner],
    [corner, inner[1] - corner],
    [inner[0] - corner, inner[1] - corner],
    [inner[0] - corner, pi == "zero2w" ? corner : pi_size[1] + 1 + post / 2],
];
jacks_y = [for (side = [-1, 1]) inner[1] / 2 + side * (jack_w / 2 + 5)];

$fn = 32;
eps = 0.01;

module standing(at, d, hole, h) {
    translate([at[0], at[1], -eps]) difference() {
        cylinder(d = d, h = h);
        translate([0, 0, 1]) cylinder(d = hole, h = h);
    }
}

module on_board(origin, size, holes) {
    for (x = [0, holes[0]], y = [0, holes[1]])
        standing([origin[0] + size[0] + x, origin[1] + size[1] + y], 6, 2.2, standoff);
}

module jack_cradle(y) {
    // Two rails and a stop hold the adapter against the wall; a cable tie through the slots holds it down.
    for (side = [-1, 1])
        translate([-eps, y + side * (jack_w / 2 + clearance + wall / 2) - wall / 2, -eps]) difference() {
            cube([jack_l + eps, wall, jack_h * 0.6]);
            translate([jack_l / 2, -eps, 2]) cube([4, wall + 2 * eps, 2]);
        }
    translate([jack_l + clearance, y - jack_w / 4, -eps]) cube([wall, jack_w / 2, 6]);
}

module base() {
    difference() {
        translate([-wall, -wall, -wall]) cube(outer);
        cube([inner[0], inner[1], height + eps]);
        for (y = jacks_y)
            translate([-wall - eps, y - plug_w / 2, (jack_h - plug_h) / 2]) cube([wall + 2 * eps, plug_w, plug_h]);
        for (p = pi_back)
            translate([pi_at[0] + p[0] - p[1] / 2, -wall - eps, pi_top + p[2]]) cube([p[1], wall + 2 * eps, p[3]]);
        for (p = pi_side)
            translate([inner[0] - eps, pi_at[1] + p[0] - p[1] / 2, pi_top + p[2]]) cube([wall + 2 * eps, p[1], p[3]]);
        for (i = [0, 1])
            translate([-wall + 0.6, jacks_y[i], height - 9]) rotate([90, 0, -90])
                linear_extrude(2) text(["PHONE", "LINE"][i], size = 4.5, halign = "center");
    }
    difference() { // the wall between the rooms
        translate([line_l, -eps, -eps]) cube([wall, inner[1] + 2 * eps, height]);
        translate([line_l - eps, inner[1] / 2 - wires_w / 2, height - wires_h]) cube([wall + 2 * eps, wires_w, wires_h + 1]);
    }
    for (p = posts) standing(p, post, screw_d, height);
    for (y = jacks_y) jack_cradle(y);
    on_board([line_l - relay_w - 4, (inner[1] - relay_l) / 2],
             [(relay_w - relay_hole_w) / 2, (relay_l - relay_hole_l) / 2], [relay_hole_w, relay_hole_l]);
    on_board(pi_at, [3.5, 3.5], pi_holes);
}

module opening(x, d) {
    translate([panel_at[0] - x, panel_at[1] + row_y, -4]) cylinder(d = d, h = 10);
}

module lid() {
    difference() {
        union() {
            translate([-wall, -wall, 0]) cube([outer[0], outer[1], wall]);
            for (room = [[0, line_l], [line_l + wall, pi_l]]) // a lip into each room, over the wall between them
                translate([room[0] + clearance, clearance, -3]) difference() {
                    cube([room[1] - 2 * clearance, inner[1] - 2 * clearance, 3 + eps]);
                    translate([1.6, 1.6, -eps])
                        cube([room[1] - 2 * clearance - 3.2, inner[1] - 2 * clearance - 3.2, 3 + 3 * eps]);
                }
        }
        for (p = posts) translate([p[0], p[1], -4]) {
            cylinder(d = 3.4, h = 4 + wall + eps);
            cylinder(d = post + 2 * clearance, h = 4);
        }
        for (i = [0 : 2]) opening(lamp_x + i * lamp_pitch, lamp_d);
        for (i = [0, 1]) opening(button_x + i * button_pitch, button_d);
    }
}

// What goes in, as blocks; with the jumper wires' plugs on the header, and the room that they need to bend.
module parts() {
    color("#2c7d4f") translate([pi_at[0], pi_at[1], standoff + eps]) cube([pi_size[0], pi_size[1], 1.6]);
    color("#23272b") translate([pi_at[0] + 7, pi_at[1] + pi_size[1] - 6, pi_top + 2 * eps]) cube([51, 5, 24]);
    color("#c9ced3") for (p = pi_back)
        translate([pi_at[0] + p[0] - 4, pi_at[1], pi_top + 2 * eps]) cube([8, 6, 3]);
    color("#c9ced3") for (p = pi_side)
        translate([pi_at[0] + pi_size[0] - 17, pi_at[1] + p[0] - p[1] / 2 + 1, pi_top + 2 * eps])
            cube([19, p[1] - 2, p[2] + p[3] - 1]);
    color("#26527a") translate([line_l - relay_w - 4, (inner[1] - relay_l) / 2, standoff + eps]) cube([relay_w, relay_l, 1.6]);
    color("#2b74d8") translate([line_l - relay_w + 6, (inner[1] - relay_l) / 2 + 2, pi_top + 2 * eps]) cube([20, relay_l - 4, 16]);
    color("#f3ead7") for (y = jacks_y) translate([eps, y - jack_w / 2, eps]) cube([jack_l, jack_w, jack_h]);
    color("#20262c") translate([panel_at[0] - lamp_x - 2 * lamp_pitch - 8, panel_at[1] + row_y - 6, height - 14])
        cube([2 * lamp_pitch + 16, 12, 8]);
    for (i = [0, 1]) color(["#c8252c", "#1668c4"][i])
        translate([panel_at[0] - button_x - i * button_pitch, panel_at[1] + row_y, height - 28]) {
            cylinder(d = button_d - 0.4, h = 28 + wall + 3);
            translate([0, 0, 24]) cylinder(d = button_d + 3, h = 4 - eps);
        }
}

if (part == "base") base();
if (part == "lid") translate([0, 0, wall]) rotate([180, 0, 0]) lid();
if (part == "both") {
    color("#d8cfbb") base();
    color("#efe9da") translate([0, 0, height + 60]) lid();
    parts();
}
if (part == "clash") {
    intersection() {
        parts();
        base();
    }
    intersection() {
        parts();
        translate([0, 0, height]) lid();
    }
}
