// Written by `python -m samscape.explorer.build`.

import { along, ratio, reach } from '../core/rules.js';

export const LANDSCAPES = {
"beale": {
  name: "beale",
  title: "Beale's function",
  source: "Beale (1958); Kim et al. (2023), Section 4.1 and Figure 1",
  variables: ["x", "y"],
  dimension: 2,
  domain: [[-1.5, 3.7], [-0.5, 2.7]],
  formula: "(3/2 - x + x*y)**2 + (9/4 - x + x*y**2)**2 + (21/8 - x + x*y**3)**2",
  criticalPoints: [{"w": [3.0, 0.5], "kind": "minimum", "value": 0.0, "sharpness": 48.97978635347775, "members": null}, {"w": [0.0, 1.0], "kind": "saddle", "value": 14.203125, "sharpness": 27.75, "members": null}, {"w": [0.10053793732415886, -2.6445135850231245], "kind": "saddle", "value": 9.86451228475556, "sharpness": 867.7521793329273, "members": null}],
  value(w) {
    const p0 = w[0];
    const p1 = w[1];
    const t0 = -p0;
    return ((p0*p1 + t0 + 3/2)*(p0*p1 + t0 + 3/2)) + ((p0*(p1*p1) + t0 + 9/4)*(p0*(p1*p1) + t0 + 9/4)) + ((p0*(p1*p1*p1) + t0 + 21/8)*(p0*(p1*p1*p1) + t0 + 21/8));
  },
  gradient(w, out) {
    const p0 = w[0];
    const p1 = w[1];
    const t0 = -p0;
    const t1 = p0*p1;
    const t2 = t0 + t1 + 3/2;
    const t3 = (p1*p1);
    const t4 = p0*t3;
    const t5 = t0 + t4 + 9/4;
    const t6 = (p1*p1*p1);
    const t7 = p0*t6 + t0 + 21/8;
    out[0] = t2*(2*p1 - 2) + t5*(2*t3 - 2) + t7*(2*t6 - 2);
    out[1] = 2*p0*t2 + 4*t1*t5 + 6*t4*t7;
    return out;
  },
  gradients(n, x, y, gx, gy) {
    for (let i = 0; i < n; i += 1) {
      const p0 = x[i];
      const p1 = y[i];
      const t0 = -p0;
      const t1 = p0*p1;
      const t2 = t0 + t1 + 3/2;
      const t3 = (p1*p1);
      const t4 = p0*t3;
      const t5 = t0 + t4 + 9/4;
      const t6 = (p1*p1*p1);
      const t7 = p0*t6 + t0 + 21/8;
      gx[i] = t2*(2*p1 - 2) + t5*(2*t3 - 2) + t7*(2*t6 - 2);
      gy[i] = 2*p0*t2 + 4*t1*t5 + 6*t4*t7;
    }
  },
  hessian(w, out) {
    const p0 = w[0];
    const p1 = w[1];
    const t0 = p1 - 1;
    const t1 = 2*p1;
    const t2 = (p1*p1);
    const t3 = t2 - 1;
    const t4 = (p1*p1*p1);
    const t5 = t4 - 1;
    const t6 = 2*p0;
    const t7 = p0*p1;
    const t8 = p0*t2;
    const t9 = -p0;
    const t10 = 4*t8 + 4*t9 + 9;
    const t11 = p0*t4 + t9 + 21/8;
    const t12 = p0*t1 + p1*t10 + t0*t6 + 6*t11*t2 + 4*t3*t7 + 6*t5*t8 - t6 + 3;
    const t13 = (p0*p0);
    out[0] = t0*(t1 - 2) + t3*(2*t2 - 2) + t5*(2*t4 - 2);
    out[1] = t12;
    out[2] = t12;
    out[3] = p0*t10 + 18*(p1*p1*p1*p1)*t13 + 12*t11*t7 + 8*t13*t2 + 2*t13;
    return out;
  },
  advance: [
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = -p0;
      const t1 = p0*p1;
      const t2 = t0 + t1 + 3/2;
      const t3 = (p1*p1);
      const t4 = p0*t3;
      const t5 = t0 + t4 + 9/4;
      const t6 = (p1*p1*p1);
      const t7 = p0*t6 + t0 + 21/8;
      h0 = t2*(2*p1 - 2) + t5*(2*t3 - 2) + t7*(2*t6 - 2);
      h1 = 2*p0*t2 + 4*t1*t5 + 6*t4*t7;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = -p0;
      const t1 = p0*p1;
      const t2 = t0 + t1 + 3/2;
      const t3 = (p1*p1);
      const t4 = p0*t3;
      const t5 = t0 + t4 + 9/4;
      const t6 = (p1*p1*p1);
      const t7 = p0*t6 + t0 + 21/8;
      h0 = t2*(2*p1 - 2) + t5*(2*t3 - 2) + t7*(2*t6 - 2);
      h1 = 2*p0*t2 + 4*t1*t5 + 6*t4*t7;
      }
      const g0 = h0, g1 = h1;
      const r = reach(1, rho, u, v, g0, g1);
      const a = u + r*along(1, u, g0), b = v + r*along(1, v, g1);
      {
      const p0 = a;
      const p1 = b;
      const t0 = -p0;
      const t1 = p0*p1;
      const t2 = t0 + t1 + 3/2;
      const t3 = (p1*p1);
      const t4 = p0*t3;
      const t5 = t0 + t4 + 9/4;
      const t6 = (p1*p1*p1);
      const t7 = p0*t6 + t0 + 21/8;
      h0 = t2*(2*p1 - 2) + t5*(2*t3 - 2) + t7*(2*t6 - 2);
      h1 = 2*p0*t2 + 4*t1*t5 + 6*t4*t7;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = -p0;
      const t1 = p0*p1;
      const t2 = t0 + t1 + 3/2;
      const t3 = (p1*p1);
      const t4 = p0*t3;
      const t5 = t0 + t4 + 9/4;
      const t6 = (p1*p1*p1);
      const t7 = p0*t6 + t0 + 21/8;
      h0 = t2*(2*p1 - 2) + t5*(2*t3 - 2) + t7*(2*t6 - 2);
      h1 = 2*p0*t2 + 4*t1*t5 + 6*t4*t7;
      }
      const g0 = h0, g1 = h1;
      const r = reach(2, rho, u, v, g0, g1);
      const a = u + r*along(2, u, g0), b = v + r*along(2, v, g1);
      {
      const p0 = a;
      const p1 = b;
      const t0 = -p0;
      const t1 = p0*p1;
      const t2 = t0 + t1 + 3/2;
      const t3 = (p1*p1);
      const t4 = p0*t3;
      const t5 = t0 + t4 + 9/4;
      const t6 = (p1*p1*p1);
      const t7 = p0*t6 + t0 + 21/8;
      h0 = t2*(2*p1 - 2) + t5*(2*t3 - 2) + t7*(2*t6 - 2);
      h1 = 2*p0*t2 + 4*t1*t5 + 6*t4*t7;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = -p0;
      const t1 = p0*p1;
      const t2 = t0 + t1 + 3/2;
      const t3 = (p1*p1);
      const t4 = p0*t3;
      const t5 = t0 + t4 + 9/4;
      const t6 = (p1*p1*p1);
      const t7 = p0*t6 + t0 + 21/8;
      h0 = t2*(2*p1 - 2) + t5*(2*t3 - 2) + t7*(2*t6 - 2);
      h1 = 2*p0*t2 + 4*t1*t5 + 6*t4*t7;
      }
      const g0 = h0, g1 = h1;
      const r = reach(3, rho, u, v, g0, g1);
      const a = u + r*along(3, u, g0), b = v + r*along(3, v, g1);
      {
      const p0 = a;
      const p1 = b;
      const t0 = -p0;
      const t1 = p0*p1;
      const t2 = t0 + t1 + 3/2;
      const t3 = (p1*p1);
      const t4 = p0*t3;
      const t5 = t0 + t4 + 9/4;
      const t6 = (p1*p1*p1);
      const t7 = p0*t6 + t0 + 21/8;
      h0 = t2*(2*p1 - 2) + t5*(2*t3 - 2) + t7*(2*t6 - 2);
      h1 = 2*p0*t2 + 4*t1*t5 + 6*t4*t7;
      }
      const f = ratio(g0, g1, h0, h1);
      h0 *= f;
      h1 *= f;
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = -p0;
      const t1 = p0*p1;
      const t2 = t0 + t1 + 3/2;
      const t3 = (p1*p1);
      const t4 = p0*t3;
      const t5 = t0 + t4 + 9/4;
      const t6 = (p1*p1*p1);
      const t7 = p0*t6 + t0 + 21/8;
      h0 = t2*(2*p1 - 2) + t5*(2*t3 - 2) + t7*(2*t6 - 2);
      h1 = 2*p0*t2 + 4*t1*t5 + 6*t4*t7;
      }
      const g0 = h0, g1 = h1;
      const r = reach(4, rho, u, v, g0, g1);
      const a = u + r*along(4, u, g0), b = v + r*along(4, v, g1);
      {
      const p0 = a;
      const p1 = b;
      const t0 = -p0;
      const t1 = p0*p1;
      const t2 = t0 + t1 + 3/2;
      const t3 = (p1*p1);
      const t4 = p0*t3;
      const t5 = t0 + t4 + 9/4;
      const t6 = (p1*p1*p1);
      const t7 = p0*t6 + t0 + 21/8;
      h0 = t2*(2*p1 - 2) + t5*(2*t3 - 2) + t7*(2*t6 - 2);
      h1 = 2*p0*t2 + 4*t1*t5 + 6*t4*t7;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
  ],
  glsl: "float value(vec2 w) {\n  float p0 = w.x;\n  float p1 = w.y;\n  float t0 = -p0;\n  return ((p0*p1 + t0 + 3.0/2.0)*(p0*p1 + t0 + 3.0/2.0)) + ((p0*(p1*p1) + t0 + 9.0/4.0)*(p0*(p1*p1) + t0 + 9.0/4.0)) + ((p0*(p1*p1*p1) + t0 + 21.0/8.0)*(p0*(p1*p1*p1) + t0 + 21.0/8.0));\n}\nvec2 gradient(vec2 w) {\n  float p0 = w.x;\n  float p1 = w.y;\n  float t0 = -p0;\n  float t1 = p0*p1;\n  float t2 = t0 + t1 + 3.0/2.0;\n  float t3 = (p1*p1);\n  float t4 = p0*t3;\n  float t5 = t0 + t4 + 9.0/4.0;\n  float t6 = (p1*p1*p1);\n  float t7 = p0*t6 + t0 + 21.0/8.0;\n  return vec2(t2*(2.0*p1 - 2.0) + t5*(2.0*t3 - 2.0) + t7*(2.0*t6 - 2.0), 2.0*p0*t2 + 4.0*t1*t5 + 6.0*t4*t7);\n}\n",
},
"cosine": {
  name: "cosine",
  title: "Cosine valleys, b = 1",
  source: "Zhou et al. (2025), Remark C.1",
  variables: ["theta"],
  dimension: 1,
  domain: [[-10.0, 10.0]],
  formula: "1 - cos(pi*theta/2)",
  criticalPoints: [{"w": [-8.0], "kind": "minimum", "value": 0.0, "sharpness": 2.4674011002723395, "members": null}, {"w": [-4.0], "kind": "minimum", "value": 0.0, "sharpness": 2.4674011002723395, "members": null}, {"w": [0.0], "kind": "minimum", "value": 0.0, "sharpness": 2.4674011002723395, "members": null}, {"w": [4.0], "kind": "minimum", "value": 0.0, "sharpness": 2.4674011002723395, "members": null}, {"w": [8.0], "kind": "minimum", "value": 0.0, "sharpness": 2.4674011002723395, "members": null}, {"w": [-10.0], "kind": "maximum", "value": 2.0, "sharpness": -2.4674011002723395, "members": null}, {"w": [-6.0], "kind": "maximum", "value": 2.0, "sharpness": -2.4674011002723395, "members": null}, {"w": [-2.0], "kind": "maximum", "value": 2.0, "sharpness": -2.4674011002723395, "members": null}, {"w": [2.0], "kind": "maximum", "value": 2.0, "sharpness": -2.4674011002723395, "members": null}, {"w": [6.0], "kind": "maximum", "value": 2.0, "sharpness": -2.4674011002723395, "members": null}, {"w": [10.0], "kind": "maximum", "value": 2.0, "sharpness": -2.4674011002723395, "members": null}],
  value(w) {
    const p0 = w[0];
    return 1 - Math.cos((1/2)*Math.PI*p0);
  },
  gradient(w, out) {
    const p0 = w[0];
    const t0 = (1/2)*Math.PI;
    out[0] = t0*Math.sin(p0*t0);
    return out;
  },
  gradients(n, x, y, gx, gy) {
    for (let i = 0; i < n; i += 1) {
      const p0 = x[i];
      const t0 = (1/2)*Math.PI;
      gx[i] = t0*Math.sin(p0*t0);
    }
  },
  hessian(w, out) {
    const p0 = w[0];
    out[0] = (1/4)*(Math.PI*Math.PI)*Math.cos((1/2)*Math.PI*p0);
    return out;
  },
  glsl: "float value(float w) {\n  float p0 = w;\n  return 1.0 - cos((1.0/2.0)*3.14159265358979*p0);\n}\nfloat gradient(float w) {\n  float p0 = w;\n  float t0 = (1.0/2.0)*3.14159265358979;\n  return t0*sin(p0*t0);\n}\n",
},
"difference_of_squares": {
  name: "difference_of_squares",
  title: "Difference of squares, u² - v² = 1",
  source: "Andriushchenko and Flammarion (2022), Section 4.2, Equation (5)",
  variables: ["u", "v"],
  dimension: 2,
  domain: [[-3.0, 3.0], [-3.0, 3.0]],
  formula: "(u**2 - v**2 - 1)**2/4",
  criticalPoints: [{"w": [1.0, 0.0], "kind": "minimum", "value": 0.0, "sharpness": 2.0, "members": [[1.0, 0.0], [1.0017629788417342, -0.05940594059405946], [1.0017629788417342, 0.05940594059405946], [1.00703339721752, -0.11881188118811892], [1.00703339721752, 0.11881188118811892], [1.0157566598358017, -0.17821782178217838], [1.0157566598358017, 0.17821782178217838], [1.0278448581599455, 0.23762376237623695], [1.0278448581599455, -0.23762376237623783], [1.0431810218972652, 0.2970297029702964], [1.0431810218972655, -0.2970297029702973], [1.0616244006253515, 0.35643564356435586], [1.0616244006253517, -0.35643564356435675], [1.083016261704034, 0.4158415841584153], [1.0830162617040342, -0.4158415841584162], [1.1071857160311247, 0.4752475247524748], [1.1071857160311251, -0.47524752475247567], [1.1339551701928332, 0.5346534653465342], [1.1339551701928339, -0.5346534653465351], [1.1631451232698742, 0.5940594059405937], [1.1631451232698748, -0.5940594059405946], [1.194578151115135, 0.6534653465346532], [1.1945781511151354, -0.653465346534654], [1.2280820298386208, 0.7128712871287126], [1.2280820298386215, -0.7128712871287135], [1.26349203260613, 0.7722772277227721], [1.2634920326061307, -0.772277227722773], [1.30065248720076, -0.8316831683168315], [1.30065248720076, 0.8316831683168315], [1.3394177093123736, -0.891089108910891], [1.3394177093123736, 0.891089108910891], [1.3796524341780498, -0.9504950495049505], [1.3796524341780498, 0.9504950495049505], [1.4212318634913026, -1.00990099009901], [1.4212318634913026, 1.00990099009901], [1.4640414311173824, -1.0693069306930694], [1.4640414311173824, 1.0693069306930694], [1.5079763744201142, 1.128712871287128], [1.507976374420115, -1.1287128712871288], [1.5529411808391083, 1.1881188118811874], [1.5529411808391091, -1.1881188118811883], [1.5988489634854275, 1.2475247524752469], [1.5988489634854282, -1.2475247524752477], [1.6456208058014512, 1.3069306930693063], [1.6456208058014519, -1.3069306930693072], [1.6931851040245243, 1.3663366336633658], [1.693185104024525, -1.3663366336633667], [1.7414769272230366, 1.4257425742574252], [1.7414769272230373, -1.4257425742574261], [1.7904374077765384, 1.4851485148514847], [1.790437407776539, -1.4851485148514856], [1.8400131700171827, 1.5445544554455441], [1.8400131700171833, -1.544554455445545], [1.8901558010025317, 1.6039603960396036], [1.8901558010025323, -1.6039603960396045], [1.9408213647438273, 1.663366336633663], [1.9408213647438282, -1.663366336633664], [1.9919699594081215, -1.7227722772277225], [1.9919699594081215, 1.7227722772277225], [2.0435653158336837, -1.782178217821782], [2.0435653158336837, 1.782178217821782], [2.095574434976764, -1.8415841584158414], [2.095574434976764, 1.8415841584158414], [2.147967261513469, -1.900990099009901], [2.147967261513469, 1.900990099009901], [2.2007163906543914, -1.9603960396039604], [2.2007163906543914, 1.9603960396039604], [2.253796805218217, -2.01980198019802], [2.253796805218217, 2.01980198019802], [2.30718564010019, -2.0792079207920793], [2.30718564010019, 2.0792079207920793], [2.3608619714233465, -2.1386138613861387], [2.3608619714233465, 2.1386138613861387], [2.414806627847677, -2.198019801980198], [2.414806627847677, 2.198019801980198], [2.4690020217158466, -2.2574257425742577], [2.4690020217158466, 2.2574257425742577], [2.523431997921192, -2.316831683168317], [2.523431997921192, 2.316831683168317], [2.5780816985859594, -2.3762376237623766], [2.5780816985859594, 2.3762376237623766], [2.6329374418301175, -2.435643564356436], [2.6329374418301175, 2.435643564356436], [2.687986613090495, -2.495049504950495], [2.6879866130904952, 2.4950495049504955], [2.7432175676151225, -2.5544554455445545], [2.743217567615123, 2.554455445544555], [2.79861954290798, 2.6138613861386126], [2.7986195429079808, -2.613861386138614], [2.85418258003521, 2.673267326732672], [2.854182580035211, -2.6732673267326734], [2.9098974528258132, 2.7326732673267315], [2.909897452825814, -2.732673267326733], [2.9657556041089417, 2.792079207920791], [2.9657556041089426, -2.7920792079207923]]}, {"w": [-1.0, 0.0], "kind": "minimum", "value": 0.0, "sharpness": 2.0, "members": [[-1.0, 0.0], [-1.0017629788417342, -0.05940594059405946], [-1.0017629788417342, 0.05940594059405946], [-1.00703339721752, -0.11881188118811892], [-1.00703339721752, 0.11881188118811892], [-1.0157566598358017, -0.17821782178217838], [-1.0157566598358017, 0.17821782178217838], [-1.0278448581599455, 0.23762376237623695], [-1.0278448581599455, -0.23762376237623783], [-1.0431810218972652, 0.2970297029702964], [-1.0431810218972655, -0.2970297029702973], [-1.0616244006253515, 0.35643564356435586], [-1.0616244006253517, -0.35643564356435675], [-1.083016261704034, 0.4158415841584153], [-1.0830162617040342, -0.4158415841584162], [-1.1071857160311247, 0.4752475247524748], [-1.1071857160311251, -0.47524752475247567], [-1.1339551701928332, 0.5346534653465342], [-1.1339551701928339, -0.5346534653465351], [-1.1631451232698742, 0.5940594059405937], [-1.1631451232698748, -0.5940594059405946], [-1.194578151115135, 0.6534653465346532], [-1.1945781511151354, -0.653465346534654], [-1.2280820298386208, 0.7128712871287126], [-1.2280820298386215, -0.7128712871287135], [-1.26349203260613, 0.7722772277227721], [-1.2634920326061307, -0.772277227722773], [-1.30065248720076, -0.8316831683168315], [-1.30065248720076, 0.8316831683168315], [-1.3394177093123736, -0.891089108910891], [-1.3394177093123736, 0.891089108910891], [-1.3796524341780498, -0.9504950495049505], [-1.3796524341780498, 0.9504950495049505], [-1.4212318634913026, -1.00990099009901], [-1.4212318634913026, 1.00990099009901], [-1.4640414311173824, -1.0693069306930694], [-1.4640414311173824, 1.0693069306930694], [-1.5079763744201142, 1.128712871287128], [-1.507976374420115, -1.1287128712871288], [-1.5529411808391083, 1.1881188118811874], [-1.5529411808391091, -1.1881188118811883], [-1.5988489634854275, 1.2475247524752469], [-1.5988489634854282, -1.2475247524752477], [-1.6456208058014512, 1.3069306930693063], [-1.6456208058014519, -1.3069306930693072], [-1.6931851040245243, 1.3663366336633658], [-1.693185104024525, -1.3663366336633667], [-1.7414769272230366, 1.4257425742574252], [-1.7414769272230373, -1.4257425742574261], [-1.7904374077765384, 1.4851485148514847], [-1.790437407776539, -1.4851485148514856], [-1.8400131700171827, 1.5445544554455441], [-1.8400131700171833, -1.544554455445545], [-1.8901558010025317, 1.6039603960396036], [-1.8901558010025323, -1.6039603960396045], [-1.9408213647438273, 1.663366336633663], [-1.9408213647438282, -1.663366336633664], [-1.9919699594081215, -1.7227722772277225], [-1.9919699594081215, 1.7227722772277225], [-2.0435653158336837, -1.782178217821782], [-2.0435653158336837, 1.782178217821782], [-2.095574434976764, -1.8415841584158414], [-2.095574434976764, 1.8415841584158414], [-2.147967261513469, -1.900990099009901], [-2.147967261513469, 1.900990099009901], [-2.2007163906543914, -1.9603960396039604], [-2.2007163906543914, 1.9603960396039604], [-2.253796805218217, -2.01980198019802], [-2.253796805218217, 2.01980198019802], [-2.30718564010019, -2.0792079207920793], [-2.30718564010019, 2.0792079207920793], [-2.3608619714233465, -2.1386138613861387], [-2.3608619714233465, 2.1386138613861387], [-2.414806627847677, -2.198019801980198], [-2.414806627847677, 2.198019801980198], [-2.4690020217158466, -2.2574257425742577], [-2.4690020217158466, 2.2574257425742577], [-2.523431997921192, -2.316831683168317], [-2.523431997921192, 2.316831683168317], [-2.5780816985859594, -2.3762376237623766], [-2.5780816985859594, 2.3762376237623766], [-2.6329374418301175, -2.435643564356436], [-2.6329374418301175, 2.435643564356436], [-2.687986613090495, -2.495049504950495], [-2.6879866130904952, 2.4950495049504955], [-2.7432175676151225, -2.5544554455445545], [-2.743217567615123, 2.554455445544555], [-2.79861954290798, 2.6138613861386126], [-2.7986195429079808, -2.613861386138614], [-2.85418258003521, 2.673267326732672], [-2.854182580035211, -2.6732673267326734], [-2.9098974528258132, 2.7326732673267315], [-2.909897452825814, -2.732673267326733], [-2.9657556041089417, 2.792079207920791], [-2.9657556041089426, -2.7920792079207923]]}, {"w": [0.0, 0.0], "kind": "saddle", "value": 0.25, "sharpness": 1.0, "members": null}],
  value(w) {
    const p0 = w[0];
    const p1 = w[1];
    return (1/4)*(((p0*p0) - (p1*p1) - 1)*((p0*p0) - (p1*p1) - 1));
  },
  gradient(w, out) {
    const p0 = w[0];
    const p1 = w[1];
    const t0 = (p0*p0) - (p1*p1) - 1;
    out[0] = p0*t0;
    out[1] = -p1*t0;
    return out;
  },
  gradients(n, x, y, gx, gy) {
    for (let i = 0; i < n; i += 1) {
      const p0 = x[i];
      const p1 = y[i];
      const t0 = (p0*p0) - (p1*p1) - 1;
      gx[i] = p0*t0;
      gy[i] = -p1*t0;
    }
  },
  hessian(w, out) {
    const p0 = w[0];
    const p1 = w[1];
    const t0 = (p1*p1);
    const t1 = (p0*p0);
    const t2 = -2*p0*p1;
    out[0] = -t0 + 3*t1 - 1;
    out[1] = t2;
    out[2] = t2;
    out[3] = 3*t0 - t1 + 1;
    return out;
  },
  advance: [
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = (p0*p0) - (p1*p1) - 1;
      h0 = p0*t0;
      h1 = -p1*t0;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = (p0*p0) - (p1*p1) - 1;
      h0 = p0*t0;
      h1 = -p1*t0;
      }
      const g0 = h0, g1 = h1;
      const r = reach(1, rho, u, v, g0, g1);
      const a = u + r*along(1, u, g0), b = v + r*along(1, v, g1);
      {
      const p0 = a;
      const p1 = b;
      const t0 = (p0*p0) - (p1*p1) - 1;
      h0 = p0*t0;
      h1 = -p1*t0;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = (p0*p0) - (p1*p1) - 1;
      h0 = p0*t0;
      h1 = -p1*t0;
      }
      const g0 = h0, g1 = h1;
      const r = reach(2, rho, u, v, g0, g1);
      const a = u + r*along(2, u, g0), b = v + r*along(2, v, g1);
      {
      const p0 = a;
      const p1 = b;
      const t0 = (p0*p0) - (p1*p1) - 1;
      h0 = p0*t0;
      h1 = -p1*t0;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = (p0*p0) - (p1*p1) - 1;
      h0 = p0*t0;
      h1 = -p1*t0;
      }
      const g0 = h0, g1 = h1;
      const r = reach(3, rho, u, v, g0, g1);
      const a = u + r*along(3, u, g0), b = v + r*along(3, v, g1);
      {
      const p0 = a;
      const p1 = b;
      const t0 = (p0*p0) - (p1*p1) - 1;
      h0 = p0*t0;
      h1 = -p1*t0;
      }
      const f = ratio(g0, g1, h0, h1);
      h0 *= f;
      h1 *= f;
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = (p0*p0) - (p1*p1) - 1;
      h0 = p0*t0;
      h1 = -p1*t0;
      }
      const g0 = h0, g1 = h1;
      const r = reach(4, rho, u, v, g0, g1);
      const a = u + r*along(4, u, g0), b = v + r*along(4, v, g1);
      {
      const p0 = a;
      const p1 = b;
      const t0 = (p0*p0) - (p1*p1) - 1;
      h0 = p0*t0;
      h1 = -p1*t0;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
  ],
  glsl: "float value(vec2 w) {\n  float p0 = w.x;\n  float p1 = w.y;\n  return (1.0/4.0)*(((p0*p0) - (p1*p1) - 1.0)*((p0*p0) - (p1*p1) - 1.0));\n}\nvec2 gradient(vec2 w) {\n  float p0 = w.x;\n  float p1 = w.y;\n  float t0 = (p0*p0) - (p1*p1) - 1.0;\n  return vec2(p0*t0, -p1*t0);\n}\n",
},
"example_c1": {
  name: "example_c1",
  title: "Highly sub-quadratic valley, a = 2, b = 1, ε = 1/10",
  source: "Zhou et al. (2025), Example C.1",
  variables: ["z"],
  dimension: 1,
  domain: [[-2.0, 2.0]],
  formula: "where(abs(z) < (1/5), z**2*(1 - abs(z)/(3/5)), (1/5)*abs(z) - (1/75))",
  criticalPoints: [{"w": [0.0], "kind": "minimum", "value": 0.0, "sharpness": 2.0, "members": null}],
  value(w) {
    const p0 = w[0];
    const t0 = Math.abs(p0);
    return ((t0 < 1/5) ? (
   (p0*p0)*(1 - 5/3*t0)
)
: (
   (1/5)*t0 - 1/75
));
  },
  gradient(w, out) {
    const p0 = w[0];
    const t0 = Math.sign(p0);
    const t1 = Math.abs(p0);
    out[0] = ((t1 < 1/5) ? (
   -5/3*(p0*p0)*t0 + 2*p0*(1 - 5/3*t1)
)
: (
   (1/5)*t0
));
    return out;
  },
  gradients(n, x, y, gx, gy) {
    for (let i = 0; i < n; i += 1) {
      const p0 = x[i];
      const t0 = Math.sign(p0);
      const t1 = Math.abs(p0);
      gx[i] = ((t1 < 1/5) ? (
   -5/3*(p0*p0)*t0 + 2*p0*(1 - 5/3*t1)
)
: (
   (1/5)*t0
));
    }
  },
  hessian(w, out) {
    const p0 = w[0];
    const t0 = Math.abs(p0);
    out[0] = ((t0 < 1/5) ? (
   -20/3*p0*Math.sign(p0) - 10/3*t0 + 2
)
: (
   0
));
    return out;
  },
  glsl: "float value(float w) {\n  float p0 = w;\n  float t0 = abs(p0);\n  return ((t0 < 1.0/5.0) ? (\n   (p0*p0)*(1.0 - 5.0/3.0*t0)\n)\n: (\n   (1.0/5.0)*t0 - 1.0/75.0\n));\n}\nfloat gradient(float w) {\n  float p0 = w;\n  float t0 = sign(p0);\n  float t1 = abs(p0);\n  return ((t1 < 1.0/5.0) ? (\n   -5.0/3.0*(p0*p0)*t0 + 2.0*p0*(1.0 - 5.0/3.0*t1)\n)\n: (\n   (1.0/5.0)*t0\n));\n}\n",
},
"himmelblau": {
  name: "himmelblau",
  title: "Himmelblau's function",
  source: "Himmelblau (1972)",
  variables: ["x", "y"],
  dimension: 2,
  domain: [[-5.0, 5.0], [-5.0, 5.0]],
  formula: "(x**2 + y - 11)**2 + (x + y**2 - 7)**2",
  criticalPoints: [{"w": [3.0, 2.0], "kind": "minimum", "value": 0.0, "sharpness": 82.2842712474619, "members": null}, {"w": [-3.779310253377748, -3.2831859912861763], "kind": "minimum", "value": 1.9721522630525295e-27, "sharpness": 133.7856152130673, "members": null}, {"w": [-2.805118086952745, 3.1313125182505734], "kind": "minimum", "value": 7.099748146989106e-30, "sharpness": 80.55007177893322, "members": null}, {"w": [3.584428340330492, -1.848126526964407], "kind": "minimum", "value": 1.7749370367472766e-28, "sharpness": 105.41890833631608, "members": null}, {"w": [-3.0730257507643897, -0.08135304428799373], "kind": "saddle", "value": 104.01516291755809, "sharpness": 72.43524806811868, "members": null}, {"w": [-0.12796134673068008, -1.9537149802445766], "kind": "saddle", "value": 178.33723920192745, "sharpness": 20.28404997593508, "members": null}, {"w": [0.08667750455539634, 2.8842547011747763], "kind": "saddle", "value": 67.71915008752613, "sharpness": 75.50760923823204, "members": null}, {"w": [3.3851541836070207, 0.07385187983800279], "kind": "saddle", "value": 13.311926270405591, "sharpness": 97.54787810260305, "members": null}, {"w": [-0.2708445906673476, -0.9230385564799806], "kind": "maximum", "value": 181.61652152258267, "sharpness": -16.066019667290888, "members": null}],
  value(w) {
    const p0 = w[0];
    const p1 = w[1];
    return ((p0 + (p1*p1) - 7)*(p0 + (p1*p1) - 7)) + (((p0*p0) + p1 - 11)*((p0*p0) + p1 - 11));
  },
  gradient(w, out) {
    const p0 = w[0];
    const p1 = w[1];
    const t0 = (p1*p1);
    const t1 = (p0*p0);
    out[0] = 4*p0*(p1 + t1 - 11) + 2*p0 + 2*t0 - 14;
    out[1] = 4*p1*(p0 + t0 - 7) + 2*p1 + 2*t1 - 22;
    return out;
  },
  gradients(n, x, y, gx, gy) {
    for (let i = 0; i < n; i += 1) {
      const p0 = x[i];
      const p1 = y[i];
      const t0 = (p1*p1);
      const t1 = (p0*p0);
      gx[i] = 4*p0*(p1 + t1 - 11) + 2*p0 + 2*t0 - 14;
      gy[i] = 4*p1*(p0 + t0 - 7) + 2*p1 + 2*t1 - 22;
    }
  },
  hessian(w, out) {
    const p0 = w[0];
    const p1 = w[1];
    const t0 = 4*p1;
    const t1 = 4*p0;
    const t2 = t0 + t1;
    out[0] = 12*(p0*p0) + t0 - 42;
    out[1] = t2;
    out[2] = t2;
    out[3] = 12*(p1*p1) + t1 - 26;
    return out;
  },
  advance: [
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = (p1*p1);
      const t1 = (p0*p0);
      h0 = 4*p0*(p1 + t1 - 11) + 2*p0 + 2*t0 - 14;
      h1 = 4*p1*(p0 + t0 - 7) + 2*p1 + 2*t1 - 22;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = (p1*p1);
      const t1 = (p0*p0);
      h0 = 4*p0*(p1 + t1 - 11) + 2*p0 + 2*t0 - 14;
      h1 = 4*p1*(p0 + t0 - 7) + 2*p1 + 2*t1 - 22;
      }
      const g0 = h0, g1 = h1;
      const r = reach(1, rho, u, v, g0, g1);
      const a = u + r*along(1, u, g0), b = v + r*along(1, v, g1);
      {
      const p0 = a;
      const p1 = b;
      const t0 = (p1*p1);
      const t1 = (p0*p0);
      h0 = 4*p0*(p1 + t1 - 11) + 2*p0 + 2*t0 - 14;
      h1 = 4*p1*(p0 + t0 - 7) + 2*p1 + 2*t1 - 22;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = (p1*p1);
      const t1 = (p0*p0);
      h0 = 4*p0*(p1 + t1 - 11) + 2*p0 + 2*t0 - 14;
      h1 = 4*p1*(p0 + t0 - 7) + 2*p1 + 2*t1 - 22;
      }
      const g0 = h0, g1 = h1;
      const r = reach(2, rho, u, v, g0, g1);
      const a = u + r*along(2, u, g0), b = v + r*along(2, v, g1);
      {
      const p0 = a;
      const p1 = b;
      const t0 = (p1*p1);
      const t1 = (p0*p0);
      h0 = 4*p0*(p1 + t1 - 11) + 2*p0 + 2*t0 - 14;
      h1 = 4*p1*(p0 + t0 - 7) + 2*p1 + 2*t1 - 22;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = (p1*p1);
      const t1 = (p0*p0);
      h0 = 4*p0*(p1 + t1 - 11) + 2*p0 + 2*t0 - 14;
      h1 = 4*p1*(p0 + t0 - 7) + 2*p1 + 2*t1 - 22;
      }
      const g0 = h0, g1 = h1;
      const r = reach(3, rho, u, v, g0, g1);
      const a = u + r*along(3, u, g0), b = v + r*along(3, v, g1);
      {
      const p0 = a;
      const p1 = b;
      const t0 = (p1*p1);
      const t1 = (p0*p0);
      h0 = 4*p0*(p1 + t1 - 11) + 2*p0 + 2*t0 - 14;
      h1 = 4*p1*(p0 + t0 - 7) + 2*p1 + 2*t1 - 22;
      }
      const f = ratio(g0, g1, h0, h1);
      h0 *= f;
      h1 *= f;
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = (p1*p1);
      const t1 = (p0*p0);
      h0 = 4*p0*(p1 + t1 - 11) + 2*p0 + 2*t0 - 14;
      h1 = 4*p1*(p0 + t0 - 7) + 2*p1 + 2*t1 - 22;
      }
      const g0 = h0, g1 = h1;
      const r = reach(4, rho, u, v, g0, g1);
      const a = u + r*along(4, u, g0), b = v + r*along(4, v, g1);
      {
      const p0 = a;
      const p1 = b;
      const t0 = (p1*p1);
      const t1 = (p0*p0);
      h0 = 4*p0*(p1 + t1 - 11) + 2*p0 + 2*t0 - 14;
      h1 = 4*p1*(p0 + t0 - 7) + 2*p1 + 2*t1 - 22;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
  ],
  glsl: "float value(vec2 w) {\n  float p0 = w.x;\n  float p1 = w.y;\n  return ((p0 + (p1*p1) - 7.0)*(p0 + (p1*p1) - 7.0)) + (((p0*p0) + p1 - 11.0)*((p0*p0) + p1 - 11.0));\n}\nvec2 gradient(vec2 w) {\n  float p0 = w.x;\n  float p1 = w.y;\n  float t0 = (p1*p1);\n  float t1 = (p0*p0);\n  return vec2(4.0*p0*(p1 + t1 - 11.0) + 2.0*p0 + 2.0*t0 - 14.0, 4.0*p1*(p0 + t0 - 7.0) + 2.0*p1 + 2.0*t1 - 22.0);\n}\n",
},
"huber": {
  name: "huber",
  title: "Huber's function, δ = 1",
  source: "Huber (1964)",
  variables: ["x"],
  dimension: 1,
  domain: [[-4.0, 4.0]],
  formula: "where(abs(x) <= 1, x**2/2, 1*abs(x) - (1/2))",
  criticalPoints: [{"w": [0.0], "kind": "minimum", "value": 0.0, "sharpness": 1.0, "members": null}],
  value(w) {
    const p0 = w[0];
    const t0 = Math.abs(p0);
    return ((t0 <= 1) ? (
   (1/2)*(p0*p0)
)
: (
   t0 - 1/2
));
  },
  gradient(w, out) {
    const p0 = w[0];
    out[0] = ((Math.abs(p0) <= 1) ? (
   p0
)
: (
   Math.sign(p0)
));
    return out;
  },
  gradients(n, x, y, gx, gy) {
    for (let i = 0; i < n; i += 1) {
      const p0 = x[i];
      gx[i] = ((Math.abs(p0) <= 1) ? (
   p0
)
: (
   Math.sign(p0)
));
    }
  },
  hessian(w, out) {
    const p0 = w[0];
    out[0] = ((Math.abs(p0) <= 1) ? (
   1
)
: (
   0
));
    return out;
  },
  glsl: "float value(float w) {\n  float p0 = w;\n  float t0 = abs(p0);\n  return ((t0 <= 1.0) ? (\n   (1.0/2.0)*(p0*p0)\n)\n: (\n   t0 - 1.0/2.0\n));\n}\nfloat gradient(float w) {\n  float p0 = w;\n  return ((abs(p0) <= 1.0) ? (\n   p0\n)\n: (\n   sign(p0)\n));\n}\n",
},
"log_cosh": {
  name: "log_cosh",
  title: "log cosh",
  source: "Ma et al. (2022), sub-quadratic losses",
  variables: ["x"],
  dimension: 1,
  domain: [[-5.0, 5.0]],
  formula: "where(abs(x) < 4, log(cosh(where(abs(x) < 4, x, 0))), abs(x) - log(2) + log(1 + exp(-2*abs(x))))",
  criticalPoints: [{"w": [0.0], "kind": "minimum", "value": 0.0, "sharpness": 1.0, "members": null}],
  value(w) {
    const p0 = w[0];
    const t0 = Math.abs(p0);
    const t1 = t0 < 4;
    return ((t1) ? (
   Math.log(Math.cosh(((t1) ? (
      p0
   )
   : (
      0
   ))))
)
: (
   t0 + Math.log(1 + Math.exp(-2*t0)) - Math.log(2)
));
  },
  gradient(w, out) {
    const p0 = w[0];
    const t0 = Math.abs(p0);
    const t1 = t0 < 4;
    const t2 = ((t1) ? (
   p0
)
: (
   0
));
    const t3 = Math.sign(p0);
    const t4 = Math.exp(-2*t0);
    out[0] = ((t1) ? (
   ((t1) ? (
      1
   )
   : (
      0
   ))*Math.sinh(t2)/Math.cosh(t2)
)
: (
   -2*t3*t4/(t4 + 1) + t3
));
    return out;
  },
  gradients(n, x, y, gx, gy) {
    for (let i = 0; i < n; i += 1) {
      const p0 = x[i];
      const t0 = Math.abs(p0);
      const t1 = t0 < 4;
      const t2 = ((t1) ? (
   p0
)
: (
   0
));
      const t3 = Math.sign(p0);
      const t4 = Math.exp(-2*t0);
      gx[i] = ((t1) ? (
   ((t1) ? (
      1
   )
   : (
      0
   ))*Math.sinh(t2)/Math.cosh(t2)
)
: (
   -2*t3*t4/(t4 + 1) + t3
));
    }
  },
  hessian(w, out) {
    const p0 = w[0];
    const t0 = Math.abs(p0);
    const t1 = t0 < 4;
    const t2 = ((t1) ? (
   1
)
: (
   0
));
    const t3 = ((t1) ? (
   p0
)
: (
   0
));
    const t4 = Math.exp(-2*t0);
    const t5 = t4 + 1;
    const t6 = 4*(Math.sign(p0)*Math.sign(p0));
    out[0] = ((t1) ? (
   -t2*(Math.sinh(t3)*Math.sinh(t3))/(Math.cosh(t3)*Math.cosh(t3)) + t2
)
: (
   t4*t6/t5 - t6*Math.exp(-4*t0)/(t5*t5)
));
    return out;
  },
  glsl: "float value(float w) {\n  float p0 = w;\n  float t0 = abs(p0);\n  float t1 = t0 < 4.0;\n  return ((t1) ? (\n   log(cosh(((t1) ? (\n      p0\n   )\n   : (\n      0.0\n   ))))\n)\n: (\n   t0 + log(1.0 + exp(-2.0*t0)) - log(2.0)\n));\n}\nfloat gradient(float w) {\n  float p0 = w;\n  float t0 = abs(p0);\n  float t1 = t0 < 4.0;\n  float t2 = ((t1) ? (\n   p0\n)\n: (\n   0.0\n));\n  float t3 = sign(p0);\n  float t4 = exp(-2.0*t0);\n  return ((t1) ? (\n   ((t1) ? (\n      1.0\n   )\n   : (\n      0.0\n   ))*sinh(t2)/cosh(t2)\n)\n: (\n   -2.0*t3*t4/(t4 + 1.0) + t3\n));\n}\n",
},
"lucchi": {
  name: "lucchi",
  title: "Lucchi quartic",
  source: "Lucchi et al. (2021); Tan et al. (2024), Figure 4",
  variables: ["x", "y"],
  dimension: 2,
  domain: [[-2.0, 2.0], [-2.0, 2.0]],
  formula: "x**4/4 - x*y + y**2/2",
  criticalPoints: [{"w": [1.0, 1.0], "kind": "minimum", "value": -0.25, "sharpness": 3.414213562373095, "members": null}, {"w": [-1.0, -1.0], "kind": "minimum", "value": -0.25, "sharpness": 3.414213562373095, "members": null}, {"w": [0.0, 0.0], "kind": "saddle", "value": 0.0, "sharpness": 1.618033988749895, "members": null}],
  value(w) {
    const p0 = w[0];
    const p1 = w[1];
    return (1/4)*(p0*p0*p0*p0) - p0*p1 + (1/2)*(p1*p1);
  },
  gradient(w, out) {
    const p0 = w[0];
    const p1 = w[1];
    const t0 = -p1;
    out[0] = (p0*p0*p0) + t0;
    out[1] = -p0 - t0;
    return out;
  },
  gradients(n, x, y, gx, gy) {
    for (let i = 0; i < n; i += 1) {
      const p0 = x[i];
      const p1 = y[i];
      const t0 = -p1;
      gx[i] = (p0*p0*p0) + t0;
      gy[i] = -p0 - t0;
    }
  },
  hessian(w, out) {
    const p0 = w[0];
    out[0] = 3*(p0*p0);
    out[1] = -1;
    out[2] = -1;
    out[3] = 1;
    return out;
  },
  advance: [
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = -p1;
      h0 = (p0*p0*p0) + t0;
      h1 = -p0 - t0;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = -p1;
      h0 = (p0*p0*p0) + t0;
      h1 = -p0 - t0;
      }
      const g0 = h0, g1 = h1;
      const r = reach(1, rho, u, v, g0, g1);
      const a = u + r*along(1, u, g0), b = v + r*along(1, v, g1);
      {
      const p0 = a;
      const p1 = b;
      const t0 = -p1;
      h0 = (p0*p0*p0) + t0;
      h1 = -p0 - t0;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = -p1;
      h0 = (p0*p0*p0) + t0;
      h1 = -p0 - t0;
      }
      const g0 = h0, g1 = h1;
      const r = reach(2, rho, u, v, g0, g1);
      const a = u + r*along(2, u, g0), b = v + r*along(2, v, g1);
      {
      const p0 = a;
      const p1 = b;
      const t0 = -p1;
      h0 = (p0*p0*p0) + t0;
      h1 = -p0 - t0;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = -p1;
      h0 = (p0*p0*p0) + t0;
      h1 = -p0 - t0;
      }
      const g0 = h0, g1 = h1;
      const r = reach(3, rho, u, v, g0, g1);
      const a = u + r*along(3, u, g0), b = v + r*along(3, v, g1);
      {
      const p0 = a;
      const p1 = b;
      const t0 = -p1;
      h0 = (p0*p0*p0) + t0;
      h1 = -p0 - t0;
      }
      const f = ratio(g0, g1, h0, h1);
      h0 *= f;
      h1 *= f;
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = -p1;
      h0 = (p0*p0*p0) + t0;
      h1 = -p0 - t0;
      }
      const g0 = h0, g1 = h1;
      const r = reach(4, rho, u, v, g0, g1);
      const a = u + r*along(4, u, g0), b = v + r*along(4, v, g1);
      {
      const p0 = a;
      const p1 = b;
      const t0 = -p1;
      h0 = (p0*p0*p0) + t0;
      h1 = -p0 - t0;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
  ],
  glsl: "float value(vec2 w) {\n  float p0 = w.x;\n  float p1 = w.y;\n  return (1.0/4.0)*(p0*p0*p0*p0) - p0*p1 + (1.0/2.0)*(p1*p1);\n}\nvec2 gradient(vec2 w) {\n  float p0 = w.x;\n  float p1 = w.y;\n  float t0 = -p1;\n  return vec2((p0*p0*p0) + t0, -p0 - t0);\n}\n",
},
"matyas": {
  name: "matyas",
  title: "Matyas' function",
  source: "Matyas (1965)",
  variables: ["x", "y"],
  dimension: 2,
  domain: [[-10.0, 10.0], [-10.0, 10.0]],
  formula: "0.26*(x**2 + y**2) - 0.48*x*y",
  criticalPoints: [{"w": [0.0, 0.0], "kind": "minimum", "value": 0.0, "sharpness": 1.0, "members": null}],
  value(w) {
    const p0 = w[0];
    const p1 = w[1];
    return (13/50)*(p0*p0) - 12/25*p0*p1 + (13/50)*(p1*p1);
  },
  gradient(w, out) {
    const p0 = w[0];
    const p1 = w[1];
    out[0] = (13/25)*p0 - 12/25*p1;
    out[1] = -12/25*p0 + (13/25)*p1;
    return out;
  },
  gradients(n, x, y, gx, gy) {
    for (let i = 0; i < n; i += 1) {
      const p0 = x[i];
      const p1 = y[i];
      gx[i] = (13/25)*p0 - 12/25*p1;
      gy[i] = -12/25*p0 + (13/25)*p1;
    }
  },
  hessian(w, out) {
    out[0] = 13/25;
    out[1] = -12/25;
    out[2] = -12/25;
    out[3] = 13/25;
    return out;
  },
  advance: [
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      h0 = (13/25)*p0 - 12/25*p1;
      h1 = -12/25*p0 + (13/25)*p1;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      h0 = (13/25)*p0 - 12/25*p1;
      h1 = -12/25*p0 + (13/25)*p1;
      }
      const g0 = h0, g1 = h1;
      const r = reach(1, rho, u, v, g0, g1);
      const a = u + r*along(1, u, g0), b = v + r*along(1, v, g1);
      {
      const p0 = a;
      const p1 = b;
      h0 = (13/25)*p0 - 12/25*p1;
      h1 = -12/25*p0 + (13/25)*p1;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      h0 = (13/25)*p0 - 12/25*p1;
      h1 = -12/25*p0 + (13/25)*p1;
      }
      const g0 = h0, g1 = h1;
      const r = reach(2, rho, u, v, g0, g1);
      const a = u + r*along(2, u, g0), b = v + r*along(2, v, g1);
      {
      const p0 = a;
      const p1 = b;
      h0 = (13/25)*p0 - 12/25*p1;
      h1 = -12/25*p0 + (13/25)*p1;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      h0 = (13/25)*p0 - 12/25*p1;
      h1 = -12/25*p0 + (13/25)*p1;
      }
      const g0 = h0, g1 = h1;
      const r = reach(3, rho, u, v, g0, g1);
      const a = u + r*along(3, u, g0), b = v + r*along(3, v, g1);
      {
      const p0 = a;
      const p1 = b;
      h0 = (13/25)*p0 - 12/25*p1;
      h1 = -12/25*p0 + (13/25)*p1;
      }
      const f = ratio(g0, g1, h0, h1);
      h0 *= f;
      h1 *= f;
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      h0 = (13/25)*p0 - 12/25*p1;
      h1 = -12/25*p0 + (13/25)*p1;
      }
      const g0 = h0, g1 = h1;
      const r = reach(4, rho, u, v, g0, g1);
      const a = u + r*along(4, u, g0), b = v + r*along(4, v, g1);
      {
      const p0 = a;
      const p1 = b;
      h0 = (13/25)*p0 - 12/25*p1;
      h1 = -12/25*p0 + (13/25)*p1;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
  ],
  glsl: "float value(vec2 w) {\n  float p0 = w.x;\n  float p1 = w.y;\n  return (13.0/50.0)*(p0*p0) - 12.0/25.0*p0*p1 + (13.0/50.0)*(p1*p1);\n}\nvec2 gradient(vec2 w) {\n  float p0 = w.x;\n  float p1 = w.y;\n  return vec2((13.0/25.0)*p0 - 12.0/25.0*p1, -12.0/25.0*p0 + (13.0/25.0)*p1);\n}\n",
},
"monkey_saddle": {
  name: "monkey_saddle",
  title: "Monkey saddle",
  source: "Hilbert and Cohn-Vossen (1932)",
  variables: ["x", "y"],
  dimension: 2,
  domain: [[-2.0, 2.0], [-2.0, 2.0]],
  formula: "x**3 - 3*x*y**2",
  criticalPoints: [{"w": [0.0, 0.0], "kind": "degenerate", "value": 0.0, "sharpness": 0.0, "members": null}],
  value(w) {
    const p0 = w[0];
    const p1 = w[1];
    return (p0*p0*p0) - 3*p0*(p1*p1);
  },
  gradient(w, out) {
    const p0 = w[0];
    const p1 = w[1];
    out[0] = 3*(p0*p0) - 3*(p1*p1);
    out[1] = -6*p0*p1;
    return out;
  },
  gradients(n, x, y, gx, gy) {
    for (let i = 0; i < n; i += 1) {
      const p0 = x[i];
      const p1 = y[i];
      gx[i] = 3*(p0*p0) - 3*(p1*p1);
      gy[i] = -6*p0*p1;
    }
  },
  hessian(w, out) {
    const p0 = w[0];
    const p1 = w[1];
    const t0 = 6*p0;
    const t1 = -6*p1;
    out[0] = t0;
    out[1] = t1;
    out[2] = t1;
    out[3] = -t0;
    return out;
  },
  advance: [
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      h0 = 3*(p0*p0) - 3*(p1*p1);
      h1 = -6*p0*p1;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      h0 = 3*(p0*p0) - 3*(p1*p1);
      h1 = -6*p0*p1;
      }
      const g0 = h0, g1 = h1;
      const r = reach(1, rho, u, v, g0, g1);
      const a = u + r*along(1, u, g0), b = v + r*along(1, v, g1);
      {
      const p0 = a;
      const p1 = b;
      h0 = 3*(p0*p0) - 3*(p1*p1);
      h1 = -6*p0*p1;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      h0 = 3*(p0*p0) - 3*(p1*p1);
      h1 = -6*p0*p1;
      }
      const g0 = h0, g1 = h1;
      const r = reach(2, rho, u, v, g0, g1);
      const a = u + r*along(2, u, g0), b = v + r*along(2, v, g1);
      {
      const p0 = a;
      const p1 = b;
      h0 = 3*(p0*p0) - 3*(p1*p1);
      h1 = -6*p0*p1;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      h0 = 3*(p0*p0) - 3*(p1*p1);
      h1 = -6*p0*p1;
      }
      const g0 = h0, g1 = h1;
      const r = reach(3, rho, u, v, g0, g1);
      const a = u + r*along(3, u, g0), b = v + r*along(3, v, g1);
      {
      const p0 = a;
      const p1 = b;
      h0 = 3*(p0*p0) - 3*(p1*p1);
      h1 = -6*p0*p1;
      }
      const f = ratio(g0, g1, h0, h1);
      h0 *= f;
      h1 *= f;
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      h0 = 3*(p0*p0) - 3*(p1*p1);
      h1 = -6*p0*p1;
      }
      const g0 = h0, g1 = h1;
      const r = reach(4, rho, u, v, g0, g1);
      const a = u + r*along(4, u, g0), b = v + r*along(4, v, g1);
      {
      const p0 = a;
      const p1 = b;
      h0 = 3*(p0*p0) - 3*(p1*p1);
      h1 = -6*p0*p1;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
  ],
  glsl: "float value(vec2 w) {\n  float p0 = w.x;\n  float p1 = w.y;\n  return (p0*p0*p0) - 3.0*p0*(p1*p1);\n}\nvec2 gradient(vec2 w) {\n  float p0 = w.x;\n  float p1 = w.y;\n  return vec2(3.0*(p0*p0) - 3.0*(p1*p1), -6.0*p0*p1);\n}\n",
},
"one_neuron": {
  name: "one_neuron",
  title: "One neuron, two labels",
  source: "Kim et al. (2023), Section 4.3 and Figure 7",
  variables: ["w1", "w2"],
  dimension: 2,
  domain: [[-2.0, 2.0], [-1.0, 3.0]],
  formula: "((w2*w1**2 + 1)**2 + (w2*w1**2 - 2)**2)/2",
  criticalPoints: [{"w": [0.6534653465346534, 1.170913682277319], "kind": "minimum", "value": 2.25, "sharpness": 5.048341695864285, "members": [[0.6534653465346534, 1.170913682277319], [0.6237623762376238, 1.2850844041320233], [0.6831683168316831, 1.0713085486242389], [0.7128712871287128, 0.9838927469135804], [0.594059405940594, 1.4168055555555557], [0.7425742574257426, 0.9067555555555556], [0.7722772277227723, 0.8383464825772518], [0.5643564356435643, 1.5698676515851033], [0.8019801980198019, 0.7773967383020883], [0.8316831683168316, 0.7228599773242631], [0.5346534653465347, 1.7491426611796979], [0.8613861386138614, 0.6738670894437838], [0.891089108910891, 0.6296913580246916], [0.9207920792079207, 0.5897213550699504], [0.9504950495049505, 0.553439670138889], [0.504950495049505, 1.9609765474817378], [0.9801980198019802, 0.5204060810121417], [1.00990099009901, 0.49024413687043444], [1.0396039603960396, 0.4626303854875283], [1.0693069306930694, 0.43728566529492446], [1.0990099009900989, 0.41396802207613026], [1.1287128712871286, 0.39246691289627583], [0.4752475247524752, 2.213758680555556], [1.1584158415841583, 0.3725984367010009], [1.188118811881188, 0.3542013888888889], [1.2178217821782178, 0.33713398109590853], [1.2475247524752475, 0.3212711010330058], [1.2772277227722773, 0.3065020131001743], [1.3069306930693068, 0.29272842056932974], [1.3366336633663365, 0.27986282578875177], [1.3663366336633662, 0.2678271371560597], [1.396039603960396, 0.2565514813138173], [0.4455445544554455, 2.5187654320987662], [1.4257425742574257, 0.2459731867283951], [1.4554455445544554, 0.23603591096302468], [1.4851485148514851, 0.2266888888888889], [1.5148514851485149, 0.21788628305352645], [1.5445544554455446, 0.20958662064431294], [1.574257425742574, 0.20175230410189474], [1.6039603960396038, 0.19434918457552208], [1.6336633663366336, 0.187346189164371], [1.6633663366336633, 0.18071499433106578], [1.693069306930693, 0.17442973906501144], [1.7227722772277227, 0.16846677236094595], [0.4158415841584158, 2.8914399092970524], [1.7524752475247525, 0.1628044303999489], [1.782178217821782, 0.1574228395061729], [1.8118811881188117, 0.15230374152706863], [1.8415841584158414, 0.1474303387674876], [1.8712871287128712, 0.14278715601466926], [1.900990099009901, 0.13835991753472224], [1.9306930693069306, 0.1341354372123603], [1.9603960396039604, 0.13010152025303542], [1.99009900990099, 0.12624687507734958]]}, {"w": [-0.653465346534654, 1.1709136822773165], "kind": "minimum", "value": 2.25, "sharpness": 5.048341695864277, "members": [[-0.653465346534654, 1.1709136822773165], [-0.6237623762376243, 1.2850844041320209], [-0.6831683168316838, 1.0713085486242369], [-0.7128712871287135, 0.9838927469135784], [-0.5940594059405946, 1.416805555555553], [-0.7425742574257432, 0.906755555555554], [-0.772277227722773, 0.8383464825772504], [-0.5643564356435649, 1.5698676515851004], [-0.8019801980198018, 0.7773967383020884], [-0.8316831683168315, 0.7228599773242633], [-0.5346534653465351, 1.7491426611796952], [-0.8613861386138613, 0.673867089443784], [-0.891089108910891, 0.6296913580246916], [-0.9207920792079207, 0.5897213550699504], [-0.9504950495049505, 0.553439670138889], [-0.5049504950495054, 1.9609765474817344], [-0.9801980198019802, 0.5204060810121417], [-1.00990099009901, 0.49024413687043444], [-1.0396039603960396, 0.4626303854875283], [-1.0693069306930694, 0.43728566529492446], [-1.099009900990099, 0.4139680220761301], [-1.1287128712871288, 0.3924669128962757], [-0.47524752475247567, 2.213758680555552], [-1.1584158415841586, 0.3725984367010007], [-1.1881188118811883, 0.3542013888888888], [-1.217821782178218, 0.3371339810959084], [-1.2475247524752477, 0.32127110103300566], [-1.2772277227722775, 0.30650201310017416], [-1.3069306930693072, 0.2927284205693295], [-1.336633663366337, 0.2798628257887516], [-1.3663366336633667, 0.2678271371560595], [-1.3960396039603964, 0.25655148131381705], [-0.44554455445544594, 2.518765432098761], [-1.4257425742574261, 0.24597318672839494], [-1.4554455445544559, 0.23603591096302454], [-1.4851485148514856, 0.22668888888888877], [-1.5148514851485153, 0.2178862830535263], [-1.544554455445545, 0.20958662064431283], [-1.5742574257425748, 0.2017523041018946], [-1.6039603960396045, 0.19434918457552192], [-1.6336633663366342, 0.18734618916437085], [-1.663366336633664, 0.18071499433106564], [-1.6930693069306937, 0.17442973906501133], [-1.7227722772277225, 0.168466772360946], [-0.4158415841584162, 2.8914399092970466], [-1.7524752475247523, 0.16280443039994896], [-1.782178217821782, 0.1574228395061729], [-1.8118811881188117, 0.15230374152706863], [-1.8415841584158414, 0.1474303387674876], [-1.8712871287128712, 0.14278715601466926], [-1.900990099009901, 0.13835991753472224], [-1.9306930693069306, 0.1341354372123603], [-1.9603960396039604, 0.13010152025303542], [-1.99009900990099, 0.12624687507734958]]}, {"w": [0.0, -0.02970297029702973], "kind": "minimum", "value": 2.5, "sharpness": 0.05940594059405946, "members": [[0.0, -0.02970297029702973], [0.0, -0.05940594059405946], [0.0, -0.08910891089108919], [0.0, -0.11881188118811892], [0.0, -0.14851485148514865], [0.0, -0.17821782178217838], [0.0, -0.2079207920792081], [0.0, -0.23762376237623783], [0.0, -0.26732673267326756], [0.0, -0.2970297029702973], [0.0, -0.326732673267327], [0.0, -0.35643564356435675], [0.0, -0.3861386138613865], [0.0, -0.4158415841584162], [0.0, -0.44554455445544594], [0.0, -0.47524752475247567], [0.0, -0.5049504950495054], [0.0, -0.5346534653465351], [0.0, -0.5643564356435649], [0.0, -0.5940594059405946], [0.0, -0.6237623762376243], [0.0, -0.653465346534654], [0.0, -0.6831683168316838], [0.0, -0.7128712871287135], [0.0, -0.7425742574257432], [0.0, -0.772277227722773], [0.0, -0.8019801980198018], [0.0, -0.8316831683168315], [0.0, -0.8613861386138613], [0.0, -0.891089108910891], [0.0, -0.9207920792079207], [0.0, -0.9504950495049505], [0.0, -0.9801980198019802]]}, {"w": [0.0, 1.00990099009901], "kind": "maximum", "value": 2.5, "sharpness": 0.0, "members": [[0.0, 1.00990099009901], [0.0, 0.9801980198019802], [0.0, 1.0396039603960396], [0.0, 0.9504950495049505], [0.0, 1.0693069306930694], [0.0, 0.9207920792079207], [0.0, 1.0990099009900989], [0.0, 0.891089108910891], [0.0, 1.1287128712871286], [0.0, 0.8613861386138614], [0.0, 1.1584158415841583], [0.0, 0.8316831683168316], [0.0, 1.188118811881188], [0.0, 0.8019801980198019], [0.0, 1.2178217821782178], [0.0, 0.7722772277227723], [0.0, 1.2475247524752475], [0.0, 0.7425742574257426], [0.0, 1.2772277227722773], [0.0, 0.7128712871287128], [0.0, 1.3069306930693068], [0.0, 0.6831683168316831], [0.0, 1.3366336633663365], [0.0, 0.6534653465346534], [0.0, 1.3663366336633662], [0.0, 0.6237623762376238], [0.0, 1.396039603960396], [0.0, 0.594059405940594], [0.0, 1.4257425742574257], [0.0, 0.5643564356435643], [0.0, 1.4554455445544554], [0.0, 0.5346534653465347], [0.0, 1.4851485148514851], [0.0, 0.504950495049505], [0.0, 1.5148514851485149], [0.0, 0.4752475247524752], [0.0, 1.5445544554455446], [0.0, 0.4455445544554455], [0.0, 1.574257425742574], [0.0, 0.4158415841584158], [0.0, 1.6039603960396038], [0.0, 0.38613861386138615], [0.0, 1.6336633663366336], [0.0, 0.3564356435643564], [0.0, 1.6633663366336633], [0.0, 0.3267326732673267], [0.0, 1.693069306930693], [0.0, 0.297029702970297], [0.0, 1.7227722772277227], [0.0, 0.26732673267326734], [0.0, 1.7524752475247525], [0.0, 0.2376237623762376], [0.0, 1.782178217821782], [0.0, 0.2079207920792079], [0.0, 1.8118811881188117], [0.0, 0.1782178217821782], [0.0, 1.8415841584158414], [0.0, 0.1485148514851485], [0.0, 1.8712871287128712], [0.0, 0.1188118811881188], [0.0, 1.900990099009901], [0.0, 0.0891089108910891], [0.0, 1.9306930693069306], [0.0, 0.0594059405940594], [0.0, 1.9603960396039604], [0.0, 0.0297029702970297], [0.0, 1.99009900990099], [0.0, 2.01980198019802], [0.0, 2.0495049504950495], [0.0, 2.0792079207920793], [0.0, 2.108910891089109], [0.0, 2.1386138613861387], [0.0, 2.168316831683168], [0.0, 2.1980198019801978], [0.0, 2.2277227722772275], [0.0, 2.257425742574257], [0.0, 2.287128712871287], [0.0, 2.3168316831683167], [0.0, 2.3465346534653464], [0.0, 2.376237623762376], [0.0, 2.405940594059406], [0.0, 2.4356435643564356], [0.0, 2.4653465346534653], [0.0, 2.495049504950495], [0.0, 2.5247524752475248], [0.0, 2.5544554455445545], [0.0, 2.5841584158415842], [0.0, 2.6138613861386135], [0.0, 2.6435643564356432], [0.0, 2.673267326732673], [0.0, 2.7029702970297027], [0.0, 2.7326732673267324], [0.0, 2.762376237623762], [0.0, 2.792079207920792], [0.0, 2.8217821782178216], [0.0, 2.8514851485148514], [0.0, 2.881188118811881], [0.0, 2.910891089108911], [0.0, 2.9405940594059405], [0.0, 2.9702970297029703], [0.0, 3.0]]}, {"w": [0.0, 0.0], "kind": "degenerate", "value": 2.5, "sharpness": 0.0, "members": null}],
  value(w) {
    const p0 = w[0];
    const p1 = w[1];
    const t0 = (p0*p0)*p1;
    return (1/2)*((t0 - 2)*(t0 - 2)) + (1/2)*((t0 + 1)*(t0 + 1));
  },
  gradient(w, out) {
    const p0 = w[0];
    const p1 = w[1];
    const t0 = (p0*p0);
    const t1 = p1*t0;
    const t2 = t1 - 2;
    const t3 = 2*p0*p1;
    const t4 = t1 + 1;
    out[0] = t2*t3 + t3*t4;
    out[1] = t0*t2 + t0*t4;
    return out;
  },
  gradients(n, x, y, gx, gy) {
    for (let i = 0; i < n; i += 1) {
      const p0 = x[i];
      const p1 = y[i];
      const t0 = (p0*p0);
      const t1 = p1*t0;
      const t2 = t1 - 2;
      const t3 = 2*p0*p1;
      const t4 = t1 + 1;
      gx[i] = t2*t3 + t3*t4;
      gy[i] = t0*t2 + t0*t4;
    }
  },
  hessian(w, out) {
    const p0 = w[0];
    const p1 = w[1];
    const t0 = (p0*p0);
    const t1 = p1*t0;
    const t2 = t1 - 2;
    const t3 = 2*p1;
    const t4 = t1 + 1;
    const t5 = 2*p0;
    const t6 = 4*(p0*p0*p0)*p1 + t2*t5 + t4*t5;
    out[0] = 8*(p1*p1)*t0 + t2*t3 + t3*t4;
    out[1] = t6;
    out[2] = t6;
    out[3] = 2*(p0*p0*p0*p0);
    return out;
  },
  advance: [
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = (p0*p0);
      const t1 = p1*t0;
      const t2 = t1 - 2;
      const t3 = 2*p0*p1;
      const t4 = t1 + 1;
      h0 = t2*t3 + t3*t4;
      h1 = t0*t2 + t0*t4;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = (p0*p0);
      const t1 = p1*t0;
      const t2 = t1 - 2;
      const t3 = 2*p0*p1;
      const t4 = t1 + 1;
      h0 = t2*t3 + t3*t4;
      h1 = t0*t2 + t0*t4;
      }
      const g0 = h0, g1 = h1;
      const r = reach(1, rho, u, v, g0, g1);
      const a = u + r*along(1, u, g0), b = v + r*along(1, v, g1);
      {
      const p0 = a;
      const p1 = b;
      const t0 = (p0*p0);
      const t1 = p1*t0;
      const t2 = t1 - 2;
      const t3 = 2*p0*p1;
      const t4 = t1 + 1;
      h0 = t2*t3 + t3*t4;
      h1 = t0*t2 + t0*t4;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = (p0*p0);
      const t1 = p1*t0;
      const t2 = t1 - 2;
      const t3 = 2*p0*p1;
      const t4 = t1 + 1;
      h0 = t2*t3 + t3*t4;
      h1 = t0*t2 + t0*t4;
      }
      const g0 = h0, g1 = h1;
      const r = reach(2, rho, u, v, g0, g1);
      const a = u + r*along(2, u, g0), b = v + r*along(2, v, g1);
      {
      const p0 = a;
      const p1 = b;
      const t0 = (p0*p0);
      const t1 = p1*t0;
      const t2 = t1 - 2;
      const t3 = 2*p0*p1;
      const t4 = t1 + 1;
      h0 = t2*t3 + t3*t4;
      h1 = t0*t2 + t0*t4;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = (p0*p0);
      const t1 = p1*t0;
      const t2 = t1 - 2;
      const t3 = 2*p0*p1;
      const t4 = t1 + 1;
      h0 = t2*t3 + t3*t4;
      h1 = t0*t2 + t0*t4;
      }
      const g0 = h0, g1 = h1;
      const r = reach(3, rho, u, v, g0, g1);
      const a = u + r*along(3, u, g0), b = v + r*along(3, v, g1);
      {
      const p0 = a;
      const p1 = b;
      const t0 = (p0*p0);
      const t1 = p1*t0;
      const t2 = t1 - 2;
      const t3 = 2*p0*p1;
      const t4 = t1 + 1;
      h0 = t2*t3 + t3*t4;
      h1 = t0*t2 + t0*t4;
      }
      const f = ratio(g0, g1, h0, h1);
      h0 *= f;
      h1 *= f;
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = (p0*p0);
      const t1 = p1*t0;
      const t2 = t1 - 2;
      const t3 = 2*p0*p1;
      const t4 = t1 + 1;
      h0 = t2*t3 + t3*t4;
      h1 = t0*t2 + t0*t4;
      }
      const g0 = h0, g1 = h1;
      const r = reach(4, rho, u, v, g0, g1);
      const a = u + r*along(4, u, g0), b = v + r*along(4, v, g1);
      {
      const p0 = a;
      const p1 = b;
      const t0 = (p0*p0);
      const t1 = p1*t0;
      const t2 = t1 - 2;
      const t3 = 2*p0*p1;
      const t4 = t1 + 1;
      h0 = t2*t3 + t3*t4;
      h1 = t0*t2 + t0*t4;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
  ],
  glsl: "float value(vec2 w) {\n  float p0 = w.x;\n  float p1 = w.y;\n  float t0 = (p0*p0)*p1;\n  return (1.0/2.0)*((t0 - 2.0)*(t0 - 2.0)) + (1.0/2.0)*((t0 + 1.0)*(t0 + 1.0));\n}\nvec2 gradient(vec2 w) {\n  float p0 = w.x;\n  float p1 = w.y;\n  float t0 = (p0*p0);\n  float t1 = p1*t0;\n  float t2 = t1 - 2.0;\n  float t3 = 2.0*p0*p1;\n  float t4 = t1 + 1.0;\n  return vec2(t2*t3 + t3*t4, t0*t2 + t0*t4);\n}\n",
},
"quadratic": {
  name: "quadratic",
  title: "Quadratic, eigenvalues 1, 1/10",
  source: "Zhou et al. (2025), Proposition C.1",
  variables: ["x1", "x2"],
  dimension: 2,
  domain: [[-2.0, 2.0], [-2.0, 2.0]],
  formula: "(1/2)*x1**2 + (1/20)*x2**2",
  criticalPoints: [{"w": [0.0, 0.0], "kind": "minimum", "value": 0.0, "sharpness": 1.0, "members": null}],
  value(w) {
    const p0 = w[0];
    const p1 = w[1];
    return (1/2)*(p0*p0) + (1/20)*(p1*p1);
  },
  gradient(w, out) {
    const p0 = w[0];
    const p1 = w[1];
    out[0] = p0;
    out[1] = (1/10)*p1;
    return out;
  },
  gradients(n, x, y, gx, gy) {
    for (let i = 0; i < n; i += 1) {
      const p0 = x[i];
      const p1 = y[i];
      gx[i] = p0;
      gy[i] = (1/10)*p1;
    }
  },
  hessian(w, out) {
    out[0] = 1;
    out[1] = 0;
    out[2] = 0;
    out[3] = 1/10;
    return out;
  },
  advance: [
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      h0 = p0;
      h1 = (1/10)*p1;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      h0 = p0;
      h1 = (1/10)*p1;
      }
      const g0 = h0, g1 = h1;
      const r = reach(1, rho, u, v, g0, g1);
      const a = u + r*along(1, u, g0), b = v + r*along(1, v, g1);
      {
      const p0 = a;
      const p1 = b;
      h0 = p0;
      h1 = (1/10)*p1;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      h0 = p0;
      h1 = (1/10)*p1;
      }
      const g0 = h0, g1 = h1;
      const r = reach(2, rho, u, v, g0, g1);
      const a = u + r*along(2, u, g0), b = v + r*along(2, v, g1);
      {
      const p0 = a;
      const p1 = b;
      h0 = p0;
      h1 = (1/10)*p1;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      h0 = p0;
      h1 = (1/10)*p1;
      }
      const g0 = h0, g1 = h1;
      const r = reach(3, rho, u, v, g0, g1);
      const a = u + r*along(3, u, g0), b = v + r*along(3, v, g1);
      {
      const p0 = a;
      const p1 = b;
      h0 = p0;
      h1 = (1/10)*p1;
      }
      const f = ratio(g0, g1, h0, h1);
      h0 *= f;
      h1 *= f;
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      h0 = p0;
      h1 = (1/10)*p1;
      }
      const g0 = h0, g1 = h1;
      const r = reach(4, rho, u, v, g0, g1);
      const a = u + r*along(4, u, g0), b = v + r*along(4, v, g1);
      {
      const p0 = a;
      const p1 = b;
      h0 = p0;
      h1 = (1/10)*p1;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
  ],
  glsl: "float value(vec2 w) {\n  float p0 = w.x;\n  float p1 = w.y;\n  return (1.0/2.0)*(p0*p0) + (1.0/20.0)*(p1*p1);\n}\nvec2 gradient(vec2 w) {\n  float p0 = w.x;\n  float p1 = w.y;\n  return vec2(p0, (1.0/10.0)*p1);\n}\n",
},
"rastrigin": {
  name: "rastrigin",
  title: "Rastrigin's function",
  source: "Rastrigin (1974); Mühlenbein et al. (1991)",
  variables: ["x1", "x2"],
  dimension: 2,
  domain: [[-5.12, 5.12], [-5.12, 5.12]],
  formula: "(10 + x1**2 - 10*cos(2*pi*x1)) + (10 + x2**2 - 10*cos(2*pi*x2))",
  criticalPoints: [{"w": [0.0, 0.0], "kind": "minimum", "value": 0.0, "sharpness": 396.7841760435743, "members": null}, {"w": [-0.9949586376523348, 3.862434507579201e-26], "kind": "minimum", "value": 0.9949590570932918, "sharpness": 396.7841760435743, "members": null}, {"w": [1.7429204564231786e-40, -0.9949586376523348], "kind": "minimum", "value": 0.9949590570932918, "sharpness": 396.7841760435743, "members": null}, {"w": [-2.393426832784515e-28, 0.9949586376523348], "kind": "minimum", "value": 0.9949590570932918, "sharpness": 396.7841760435743, "members": null}, {"w": [0.9949586376523348, 7.860306202044986e-28], "kind": "minimum", "value": 0.9949590570932918, "sharpness": 396.7841760435743, "members": null}, {"w": [-0.9949586376523348, -0.9949586376523348], "kind": "minimum", "value": 1.9899181141865836, "sharpness": 396.5861378338349, "members": null}, {"w": [-0.9949586376523348, 0.9949586376523348], "kind": "minimum", "value": 1.9899181141865836, "sharpness": 396.5861378338349, "members": null}, {"w": [0.9949586376523348, -0.9949586376523348], "kind": "minimum", "value": 1.9899181141865836, "sharpness": 396.5861378338349, "members": null}, {"w": [0.9949586376523348, 0.9949586376523348], "kind": "minimum", "value": 1.9899181141865836, "sharpness": 396.5861378338349, "members": null}, {"w": [-1.9899122337085495, 0.0], "kind": "minimum", "value": 3.979831190554087, "sharpness": 396.7841760435743, "members": null}, {"w": [0.0, -1.9899122337085495], "kind": "minimum", "value": 3.979831190554087, "sharpness": 396.7841760435743, "members": null}, {"w": [0.0, 1.9899122337085495], "kind": "minimum", "value": 3.979831190554087, "sharpness": 396.7841760435743, "members": null}, {"w": [1.9899122337085495, 0.0], "kind": "minimum", "value": 3.979831190554087, "sharpness": 396.7841760435743, "members": null}, {"w": [-1.9899122337085495, -0.9949586376523348], "kind": "minimum", "value": 4.974790247647379, "sharpness": 396.5861378338349, "members": null}, {"w": [-1.9899122337085495, 0.9949586376523348], "kind": "minimum", "value": 4.974790247647379, "sharpness": 396.5861378338349, "members": null}, {"w": [-0.9949586376523348, -1.9899122337085495], "kind": "minimum", "value": 4.974790247647379, "sharpness": 396.5861378338349, "members": null}, {"w": [-0.9949586376523348, 1.9899122337085495], "kind": "minimum", "value": 4.974790247647379, "sharpness": 396.5861378338349, "members": null}, {"w": [0.9949586376523348, -1.9899122337085495], "kind": "minimum", "value": 4.974790247647379, "sharpness": 396.5861378338349, "members": null}, {"w": [0.9949586376523348, 1.9899122337085495], "kind": "minimum", "value": 4.974790247647379, "sharpness": 396.5861378338349, "members": null}, {"w": [1.9899122337085495, -0.9949586376523348], "kind": "minimum", "value": 4.974790247647379, "sharpness": 396.5861378338349, "members": null}, {"w": [1.9899122337085495, 0.9949586376523348], "kind": "minimum", "value": 4.974790247647379, "sharpness": 396.5861378338349, "members": null}, {"w": [-1.9899122337085495, -1.9899122337085495], "kind": "minimum", "value": 7.959662381108174, "sharpness": 395.99142996741233, "members": null}, {"w": [-1.9899122337085495, 1.9899122337085495], "kind": "minimum", "value": 7.959662381108174, "sharpness": 395.99142996741233, "members": null}, {"w": [1.9899122337085495, -1.9899122337085495], "kind": "minimum", "value": 7.959662381108174, "sharpness": 395.99142996741233, "members": null}, {"w": [1.9899122337085495, 1.9899122337085495], "kind": "minimum", "value": 7.959662381108174, "sharpness": 395.99142996741233, "members": null}, {"w": [-2.9848557010394816, 2.377871842921553e-28], "kind": "minimum", "value": 8.954601241487012, "sharpness": 396.7841760435743, "members": null}, {"w": [4.06181521990275e-29, -2.9848557010394816], "kind": "minimum", "value": 8.954601241487012, "sharpness": 396.7841760435743, "members": null}, {"w": [-3.324453333523557e-28, 2.9848557010394816], "kind": "minimum", "value": 8.954601241487012, "sharpness": 396.7841760435743, "members": null}, {"w": [2.9848557010394816, -2.352826168811792e-28], "kind": "minimum", "value": 8.954601241487012, "sharpness": 396.7841760435743, "members": null}, {"w": [-2.9848557010394816, -0.9949586376523348], "kind": "minimum", "value": 9.949560298580304, "sharpness": 396.5861378338349, "members": null}, {"w": [-2.9848557010394816, 0.9949586376523348], "kind": "minimum", "value": 9.949560298580304, "sharpness": 396.5861378338349, "members": null}, {"w": [-0.9949586376523348, -2.9848557010394816], "kind": "minimum", "value": 9.949560298580304, "sharpness": 396.5861378338349, "members": null}, {"w": [-0.9949586376523348, 2.9848557010394816], "kind": "minimum", "value": 9.949560298580304, "sharpness": 396.5861378338349, "members": null}, {"w": [0.9949586376523348, -2.9848557010394816], "kind": "minimum", "value": 9.949560298580304, "sharpness": 396.5861378338349, "members": null}, {"w": [0.9949586376523348, 2.9848557010394816], "kind": "minimum", "value": 9.949560298580304, "sharpness": 396.5861378338349, "members": null}, {"w": [2.9848557010394816, -0.9949586376523348], "kind": "minimum", "value": 9.949560298580304, "sharpness": 396.5861378338349, "members": null}, {"w": [2.9848557010394816, 0.9949586376523348], "kind": "minimum", "value": 9.949560298580304, "sharpness": 396.5861378338349, "members": null}, {"w": [-2.9848557010394816, -1.9899122337085495], "kind": "minimum", "value": 12.934432432041099, "sharpness": 395.99142996741233, "members": null}, {"w": [-2.9848557010394816, 1.9899122337085495], "kind": "minimum", "value": 12.934432432041099, "sharpness": 395.99142996741233, "members": null}, {"w": [-1.9899122337085495, -2.9848557010394816], "kind": "minimum", "value": 12.934432432041099, "sharpness": 395.99142996741233, "members": null}, {"w": [-1.9899122337085495, 2.9848557010394816], "kind": "minimum", "value": 12.934432432041099, "sharpness": 395.99142996741233, "members": null}, {"w": [1.9899122337085495, -2.9848557010394816], "kind": "minimum", "value": 12.934432432041099, "sharpness": 395.99142996741233, "members": null}, {"w": [1.9899122337085495, 2.9848557010394816], "kind": "minimum", "value": 12.934432432041099, "sharpness": 395.99142996741233, "members": null}, {"w": [2.9848557010394816, -1.9899122337085495], "kind": "minimum", "value": 12.934432432041099, "sharpness": 395.99142996741233, "members": null}, {"w": [2.9848557010394816, 1.9899122337085495], "kind": "minimum", "value": 12.934432432041099, "sharpness": 395.99142996741233, "members": null}, {"w": [-3.979783860300754, 0.0], "kind": "minimum", "value": 15.919243792461534, "sharpness": 396.7841760435743, "members": null}, {"w": [0.0, -3.979783860300754], "kind": "minimum", "value": 15.919243792461534, "sharpness": 396.7841760435743, "members": null}, {"w": [0.0, 3.979783860300754], "kind": "minimum", "value": 15.919243792461534, "sharpness": 396.7841760435743, "members": null}, {"w": [3.979783860300754, 0.0], "kind": "minimum", "value": 15.919243792461534, "sharpness": 396.7841760435743, "members": null}, {"w": [-3.979783860300754, -0.9949586376523348], "kind": "minimum", "value": 16.914202849554826, "sharpness": 396.5861378338349, "members": null}, {"w": [-3.979783860300754, 0.9949586376523348], "kind": "minimum", "value": 16.914202849554826, "sharpness": 396.5861378338349, "members": null}, {"w": [-0.9949586376523348, -3.979783860300754], "kind": "minimum", "value": 16.914202849554826, "sharpness": 396.5861378338349, "members": null}, {"w": [-0.9949586376523348, 3.979783860300754], "kind": "minimum", "value": 16.914202849554826, "sharpness": 396.5861378338349, "members": null}, {"w": [0.9949586376523348, -3.979783860300754], "kind": "minimum", "value": 16.914202849554826, "sharpness": 396.5861378338349, "members": null}, {"w": [0.9949586376523348, 3.979783860300754], "kind": "minimum", "value": 16.914202849554826, "sharpness": 396.5861378338349, "members": null}, {"w": [3.979783860300754, -0.9949586376523348], "kind": "minimum", "value": 16.914202849554826, "sharpness": 396.5861378338349, "members": null}, {"w": [3.979783860300754, 0.9949586376523348], "kind": "minimum", "value": 16.914202849554826, "sharpness": 396.5861378338349, "members": null}, {"w": [-2.9848557010394816, -2.9848557010394816], "kind": "minimum", "value": 17.909202482974024, "sharpness": 394.99826380556476, "members": null}, {"w": [-2.9848557010394816, 2.9848557010394816], "kind": "minimum", "value": 17.909202482974024, "sharpness": 394.99826380556476, "members": null}, {"w": [2.9848557010394816, -2.9848557010394816], "kind": "minimum", "value": 17.909202482974024, "sharpness": 394.99826380556476, "members": null}, {"w": [2.9848557010394816, 2.9848557010394816], "kind": "minimum", "value": 17.909202482974024, "sharpness": 394.99826380556476, "members": null}, {"w": [-3.979783860300754, -1.9899122337085495], "kind": "minimum", "value": 19.899074983015623, "sharpness": 395.99142996741233, "members": null}, {"w": [-3.979783860300754, 1.9899122337085495], "kind": "minimum", "value": 19.899074983015623, "sharpness": 395.99142996741233, "members": null}, {"w": [-1.9899122337085495, -3.979783860300754], "kind": "minimum", "value": 19.899074983015623, "sharpness": 395.99142996741233, "members": null}, {"w": [-1.9899122337085495, 3.979783860300754], "kind": "minimum", "value": 19.899074983015623, "sharpness": 395.99142996741233, "members": null}, {"w": [1.9899122337085495, -3.979783860300754], "kind": "minimum", "value": 19.899074983015623, "sharpness": 395.99142996741233, "members": null}, {"w": [1.9899122337085495, 3.979783860300754], "kind": "minimum", "value": 19.899074983015623, "sharpness": 395.99142996741233, "members": null}, {"w": [3.979783860300754, -1.9899122337085495], "kind": "minimum", "value": 19.899074983015623, "sharpness": 395.99142996741233, "members": null}, {"w": [3.979783860300754, 1.9899122337085495], "kind": "minimum", "value": 19.899074983015623, "sharpness": 395.99142996741233, "members": null}, {"w": [-4.974691390895051, 0.0], "kind": "minimum", "value": 24.873722934542233, "sharpness": 396.7841760435743, "members": null}, {"w": [0.0, -4.974691390895051], "kind": "minimum", "value": 24.873722934542233, "sharpness": 396.7841760435743, "members": null}, {"w": [0.0, 4.974691390895051], "kind": "minimum", "value": 24.873722934542233, "sharpness": 396.7841760435743, "members": null}, {"w": [4.974691390895051, 0.0], "kind": "minimum", "value": 24.873722934542233, "sharpness": 396.7841760435743, "members": null}, {"w": [-3.979783860300754, -2.9848557010394816], "kind": "minimum", "value": 24.873845033948548, "sharpness": 394.99826380556476, "members": null}, {"w": [-3.979783860300754, 2.9848557010394816], "kind": "minimum", "value": 24.873845033948548, "sharpness": 394.99826380556476, "members": null}, {"w": [-2.9848557010394816, -3.979783860300754], "kind": "minimum", "value": 24.873845033948548, "sharpness": 394.99826380556476, "members": null}, {"w": [-2.9848557010394816, 3.979783860300754], "kind": "minimum", "value": 24.873845033948548, "sharpness": 394.99826380556476, "members": null}, {"w": [2.9848557010394816, -3.979783860300754], "kind": "minimum", "value": 24.873845033948548, "sharpness": 394.99826380556476, "members": null}, {"w": [2.9848557010394816, 3.979783860300754], "kind": "minimum", "value": 24.873845033948548, "sharpness": 394.99826380556476, "members": null}, {"w": [3.979783860300754, -2.9848557010394816], "kind": "minimum", "value": 24.873845033948548, "sharpness": 394.99826380556476, "members": null}, {"w": [3.979783860300754, 2.9848557010394816], "kind": "minimum", "value": 24.873845033948548, "sharpness": 394.99826380556476, "members": null}, {"w": [-4.974691390895051, -0.9949586376523348], "kind": "minimum", "value": 25.868681991635526, "sharpness": 396.5861378338349, "members": null}, {"w": [-4.974691390895051, 0.9949586376523348], "kind": "minimum", "value": 25.868681991635526, "sharpness": 396.5861378338349, "members": null}, {"w": [-0.9949586376523348, -4.974691390895051], "kind": "minimum", "value": 25.868681991635526, "sharpness": 396.5861378338349, "members": null}, {"w": [-0.9949586376523348, 4.974691390895051], "kind": "minimum", "value": 25.868681991635526, "sharpness": 396.5861378338349, "members": null}, {"w": [0.9949586376523348, -4.974691390895051], "kind": "minimum", "value": 25.868681991635526, "sharpness": 396.5861378338349, "members": null}, {"w": [0.9949586376523348, 4.974691390895051], "kind": "minimum", "value": 25.868681991635526, "sharpness": 396.5861378338349, "members": null}, {"w": [4.974691390895051, -0.9949586376523348], "kind": "minimum", "value": 25.868681991635526, "sharpness": 396.5861378338349, "members": null}, {"w": [4.974691390895051, 0.9949586376523348], "kind": "minimum", "value": 25.868681991635526, "sharpness": 396.5861378338349, "members": null}, {"w": [-4.974691390895051, -1.9899122337085495], "kind": "minimum", "value": 28.85355412509632, "sharpness": 395.99142996741233, "members": null}, {"w": [-4.974691390895051, 1.9899122337085495], "kind": "minimum", "value": 28.85355412509632, "sharpness": 395.99142996741233, "members": null}, {"w": [-1.9899122337085495, -4.974691390895051], "kind": "minimum", "value": 28.85355412509632, "sharpness": 395.99142996741233, "members": null}, {"w": [-1.9899122337085495, 4.974691390895051], "kind": "minimum", "value": 28.85355412509632, "sharpness": 395.99142996741233, "members": null}, {"w": [1.9899122337085495, -4.974691390895051], "kind": "minimum", "value": 28.85355412509632, "sharpness": 395.99142996741233, "members": null}, {"w": [1.9899122337085495, 4.974691390895051], "kind": "minimum", "value": 28.85355412509632, "sharpness": 395.99142996741233, "members": null}, {"w": [4.974691390895051, -1.9899122337085495], "kind": "minimum", "value": 28.85355412509632, "sharpness": 395.99142996741233, "members": null}, {"w": [4.974691390895051, 1.9899122337085495], "kind": "minimum", "value": 28.85355412509632, "sharpness": 395.99142996741233, "members": null}, {"w": [-3.979783860300754, -3.979783860300754], "kind": "minimum", "value": 31.83848758492307, "sharpness": 393.60362821122555, "members": null}, {"w": [-3.979783860300754, 3.979783860300754], "kind": "minimum", "value": 31.83848758492307, "sharpness": 393.60362821122555, "members": null}, {"w": [3.979783860300754, -3.979783860300754], "kind": "minimum", "value": 31.83848758492307, "sharpness": 393.60362821122555, "members": null}, {"w": [3.979783860300754, 3.979783860300754], "kind": "minimum", "value": 31.83848758492307, "sharpness": 393.60362821122555, "members": null}, {"w": [-4.974691390895051, -2.9848557010394816], "kind": "minimum", "value": 33.82832417602924, "sharpness": 394.99826380556476, "members": null}, {"w": [-4.974691390895051, 2.9848557010394816], "kind": "minimum", "value": 33.82832417602924, "sharpness": 394.99826380556476, "members": null}, {"w": [-2.9848557010394816, -4.974691390895051], "kind": "minimum", "value": 33.82832417602924, "sharpness": 394.99826380556476, "members": null}, {"w": [-2.9848557010394816, 4.974691390895051], "kind": "minimum", "value": 33.82832417602924, "sharpness": 394.99826380556476, "members": null}, {"w": [2.9848557010394816, -4.974691390895051], "kind": "minimum", "value": 33.82832417602924, "sharpness": 394.99826380556476, "members": null}, {"w": [2.9848557010394816, 4.974691390895051], "kind": "minimum", "value": 33.82832417602924, "sharpness": 394.99826380556476, "members": null}, {"w": [4.974691390895051, -2.9848557010394816], "kind": "minimum", "value": 33.82832417602924, "sharpness": 394.99826380556476, "members": null}, {"w": [4.974691390895051, 2.9848557010394816], "kind": "minimum", "value": 33.82832417602924, "sharpness": 394.99826380556476, "members": null}, {"w": [-7.020200904371363e-33, -5.969572778253027], "kind": "minimum", "value": 35.81799193279672, "sharpness": 396.7841760435743, "members": null}, {"w": [5.969572778253027, -6.201048109599121e-35], "kind": "minimum", "value": 35.81799193279672, "sharpness": 396.7841760435743, "members": null}, {"w": [-0.9949586376523348, -5.969572778253027], "kind": "minimum", "value": 36.81295098989001, "sharpness": 396.5861378338349, "members": null}, {"w": [0.9949586376523348, 5.969572778253027], "kind": "minimum", "value": 36.81295098989001, "sharpness": 396.5861378338349, "members": null}, {"w": [-5.969572778253027, -1.9899122337085495], "kind": "minimum", "value": 39.79782312335081, "sharpness": 395.99142996741233, "members": null}, {"w": [-1.9899122337085495, 5.969572778253027], "kind": "minimum", "value": 39.79782312335081, "sharpness": 395.99142996741233, "members": null}, {"w": [1.9899122337085495, -5.969572778253027], "kind": "minimum", "value": 39.79782312335081, "sharpness": 395.99142996741233, "members": null}, {"w": [-4.974691390895051, -3.979783860300754], "kind": "minimum", "value": 40.792966727003765, "sharpness": 393.60362821122555, "members": null}, {"w": [-4.974691390895051, 3.979783860300754], "kind": "minimum", "value": 40.792966727003765, "sharpness": 393.60362821122555, "members": null}, {"w": [-3.979783860300754, -4.974691390895051], "kind": "minimum", "value": 40.792966727003765, "sharpness": 393.60362821122555, "members": null}, {"w": [-3.979783860300754, 4.974691390895051], "kind": "minimum", "value": 40.792966727003765, "sharpness": 393.60362821122555, "members": null}, {"w": [3.979783860300754, -4.974691390895051], "kind": "minimum", "value": 40.792966727003765, "sharpness": 393.60362821122555, "members": null}, {"w": [3.979783860300754, 4.974691390895051], "kind": "minimum", "value": 40.792966727003765, "sharpness": 393.60362821122555, "members": null}, {"w": [4.974691390895051, -3.979783860300754], "kind": "minimum", "value": 40.792966727003765, "sharpness": 393.60362821122555, "members": null}, {"w": [4.974691390895051, 3.979783860300754], "kind": "minimum", "value": 40.792966727003765, "sharpness": 393.60362821122555, "members": null}, {"w": [-5.969572778253027, -2.9848557010394816], "kind": "minimum", "value": 44.772593174283735, "sharpness": 394.99826380556476, "members": null}, {"w": [-5.969572778253027, 2.9848557010394816], "kind": "minimum", "value": 44.772593174283735, "sharpness": 394.99826380556476, "members": null}, {"w": [-2.9848557010394816, 5.969572778253027], "kind": "minimum", "value": 44.772593174283735, "sharpness": 394.99826380556476, "members": null}, {"w": [7.999887551433257e-50, -6.964422255915434], "kind": "minimum", "value": 48.75199278143997, "sharpness": 396.7841760435743, "members": null}, {"w": [0.9949586376523348, 6.964422255915434], "kind": "minimum", "value": 49.746951838533256, "sharpness": 396.5861378338349, "members": null}, {"w": [-4.974691390895051, -4.974691390895051], "kind": "minimum", "value": 49.747445869084466, "sharpness": 391.8032433161296, "members": null}, {"w": [-4.974691390895051, 4.974691390895051], "kind": "minimum", "value": 49.747445869084466, "sharpness": 391.8032433161296, "members": null}, {"w": [4.974691390895051, -4.974691390895051], "kind": "minimum", "value": 49.747445869084466, "sharpness": 391.8032433161296, "members": null}, {"w": [4.974691390895051, 4.974691390895051], "kind": "minimum", "value": 49.747445869084466, "sharpness": 391.8032433161296, "members": null}, {"w": [-5.969572778253025, 3.9797838603007536], "kind": "minimum", "value": 51.73723572525826, "sharpness": 393.60362821122555, "members": null}, {"w": [6.964422255915434, -1.9899122337085495], "kind": "minimum", "value": 52.731823971994054, "sharpness": 395.99142996741233, "members": null}, {"w": [-6.964422255915434, -2.9848557010394816], "kind": "minimum", "value": 57.70659402292698, "sharpness": 394.99826380556476, "members": null}, {"w": [2.9848557010394816, 6.964422255915434], "kind": "minimum", "value": 57.70659402292698, "sharpness": 394.99826380556476, "members": null}, {"w": [6.964422255915434, 3.979783860300754], "kind": "minimum", "value": 64.6712365739015, "sharpness": 393.60362821122555, "members": null}, {"w": [-6.964422255915434, 4.974691390895051], "kind": "minimum", "value": 73.6257157159822, "sharpness": 391.8032433161296, "members": null}, {"w": [6.964422255915434, -4.974691390895051], "kind": "minimum", "value": 73.6257157159822, "sharpness": 391.8032433161296, "members": null}, {"w": [-0.5025460365546747, 0.0], "kind": "saddle", "value": 20.251272990990113, "sharpness": 396.7841760435743, "members": null}, {"w": [0.0, -0.5025460365546747], "kind": "saddle", "value": 20.251272990990113, "sharpness": 396.7841760435743, "members": null}, {"w": [0.0, 0.5025460365546747], "kind": "saddle", "value": 20.251272990990113, "sharpness": 396.7841760435743, "members": null}, {"w": [0.5025460365546747, 0.0], "kind": "saddle", "value": 20.251272990990113, "sharpness": 396.7841760435743, "members": null}, {"w": [-0.9949586376523348, -0.5025460365546747], "kind": "saddle", "value": 21.246232048083407, "sharpness": 396.5861378338349, "members": null}, {"w": [-0.9949586376523348, 0.5025460365546747], "kind": "saddle", "value": 21.246232048083407, "sharpness": 396.5861378338349, "members": null}, {"w": [-0.5025460365546747, -0.9949586376523348], "kind": "saddle", "value": 21.246232048083407, "sharpness": 396.5861378338349, "members": null}, {"w": [-0.5025460365546747, 0.9949586376523348], "kind": "saddle", "value": 21.246232048083407, "sharpness": 396.5861378338349, "members": null}, {"w": [0.5025460365546747, -0.9949586376523348], "kind": "saddle", "value": 21.246232048083407, "sharpness": 396.5861378338349, "members": null}, {"w": [0.5025460365546747, 0.9949586376523348], "kind": "saddle", "value": 21.246232048083407, "sharpness": 396.5861378338349, "members": null}, {"w": [0.9949586376523348, -0.5025460365546747], "kind": "saddle", "value": 21.246232048083407, "sharpness": 396.5861378338349, "members": null}, {"w": [0.9949586376523348, 0.5025460365546747], "kind": "saddle", "value": 21.246232048083407, "sharpness": 396.5861378338349, "members": null}, {"w": [-1.5076407318703584, -1.4543317219695421e-30], "kind": "saddle", "value": 22.26145888480592, "sharpness": 396.7841760435743, "members": null}, {"w": [-1.053558318769118e-30, -1.5076407318703584], "kind": "saddle", "value": 22.26145888480592, "sharpness": 396.7841760435743, "members": null}, {"w": [6.710076170742367e-31, 1.5076407318703584], "kind": "saddle", "value": 22.26145888480592, "sharpness": 396.7841760435743, "members": null}, {"w": [1.5076407318703584, -1.3970264456425715e-28], "kind": "saddle", "value": 22.26145888480592, "sharpness": 396.7841760435743, "members": null}, {"w": [-1.5076407318703584, -0.9949586376523348], "kind": "saddle", "value": 23.256417941899212, "sharpness": 396.5861378338349, "members": null}, {"w": [-1.5076407318703584, 0.9949586376523348], "kind": "saddle", "value": 23.256417941899212, "sharpness": 396.5861378338349, "members": null}, {"w": [-0.9949586376523348, -1.5076407318703584], "kind": "saddle", "value": 23.256417941899212, "sharpness": 396.5861378338349, "members": null}, {"w": [-0.9949586376523348, 1.5076407318703584], "kind": "saddle", "value": 23.256417941899212, "sharpness": 396.5861378338349, "members": null}, {"w": [0.9949586376523348, -1.5076407318703584], "kind": "saddle", "value": 23.256417941899212, "sharpness": 396.5861378338349, "members": null}, {"w": [0.9949586376523348, 1.5076407318703584], "kind": "saddle", "value": 23.256417941899212, "sharpness": 396.5861378338349, "members": null}, {"w": [1.5076407318703584, -0.9949586376523348], "kind": "saddle", "value": 23.256417941899212, "sharpness": 396.5861378338349, "members": null}, {"w": [1.5076407318703584, 0.9949586376523348], "kind": "saddle", "value": 23.256417941899212, "sharpness": 396.5861378338349, "members": null}, {"w": [-1.9899122337085495, -0.5025460365546747], "kind": "saddle", "value": 24.2311041815442, "sharpness": 395.99142996741233, "members": null}, {"w": [-1.9899122337085495, 0.5025460365546747], "kind": "saddle", "value": 24.2311041815442, "sharpness": 395.99142996741233, "members": null}, {"w": [-0.5025460365546747, -1.9899122337085495], "kind": "saddle", "value": 24.2311041815442, "sharpness": 395.99142996741233, "members": null}, {"w": [-0.5025460365546747, 1.9899122337085495], "kind": "saddle", "value": 24.2311041815442, "sharpness": 395.99142996741233, "members": null}, {"w": [0.5025460365546747, -1.9899122337085495], "kind": "saddle", "value": 24.2311041815442, "sharpness": 395.99142996741233, "members": null}, {"w": [0.5025460365546747, 1.9899122337085495], "kind": "saddle", "value": 24.2311041815442, "sharpness": 395.99142996741233, "members": null}, {"w": [1.9899122337085495, -0.5025460365546747], "kind": "saddle", "value": 24.2311041815442, "sharpness": 395.99142996741233, "members": null}, {"w": [1.9899122337085495, 0.5025460365546747], "kind": "saddle", "value": 24.2311041815442, "sharpness": 395.99142996741233, "members": null}, {"w": [-1.9899122337085495, -1.5076407318703584], "kind": "saddle", "value": 26.241290075360006, "sharpness": 395.99142996741233, "members": null}, {"w": [-1.9899122337085495, 1.5076407318703584], "kind": "saddle", "value": 26.241290075360006, "sharpness": 395.99142996741233, "members": null}, {"w": [-1.5076407318703584, -1.9899122337085495], "kind": "saddle", "value": 26.241290075360006, "sharpness": 395.99142996741233, "members": null}, {"w": [-1.5076407318703584, 1.9899122337085495], "kind": "saddle", "value": 26.241290075360006, "sharpness": 395.99142996741233, "members": null}, {"w": [1.5076407318703584, -1.9899122337085495], "kind": "saddle", "value": 26.241290075360006, "sharpness": 395.99142996741233, "members": null}, {"w": [1.5076407318703584, 1.9899122337085495], "kind": "saddle", "value": 26.241290075360006, "sharpness": 395.99142996741233, "members": null}, {"w": [1.9899122337085495, -1.5076407318703584], "kind": "saddle", "value": 26.241290075360006, "sharpness": 395.99142996741233, "members": null}, {"w": [1.9899122337085495, 1.5076407318703584], "kind": "saddle", "value": 26.241290075360006, "sharpness": 395.99142996741233, "members": null}, {"w": [-2.512743318200085, 0.0], "kind": "saddle", "value": 26.281841177512234, "sharpness": 396.7841760435743, "members": null}, {"w": [0.0, -2.512743318200085], "kind": "saddle", "value": 26.281841177512234, "sharpness": 396.7841760435743, "members": null}, {"w": [0.0, 2.512743318200085], "kind": "saddle", "value": 26.281841177512234, "sharpness": 396.7841760435743, "members": null}, {"w": [2.512743318200085, 0.0], "kind": "saddle", "value": 26.281841177512234, "sharpness": 396.7841760435743, "members": null}, {"w": [-2.512743318200085, -0.9949586376523348], "kind": "saddle", "value": 27.276800234605528, "sharpness": 396.5861378338349, "members": null}, {"w": [-2.512743318200085, 0.9949586376523348], "kind": "saddle", "value": 27.276800234605528, "sharpness": 396.5861378338349, "members": null}, {"w": [-0.9949586376523348, -2.512743318200085], "kind": "saddle", "value": 27.276800234605528, "sharpness": 396.5861378338349, "members": null}, {"w": [-0.9949586376523348, 2.512743318200085], "kind": "saddle", "value": 27.276800234605528, "sharpness": 396.5861378338349, "members": null}, {"w": [0.9949586376523348, -2.512743318200085], "kind": "saddle", "value": 27.276800234605528, "sharpness": 396.5861378338349, "members": null}, {"w": [0.9949586376523348, 2.512743318200085], "kind": "saddle", "value": 27.276800234605528, "sharpness": 396.5861378338349, "members": null}, {"w": [2.512743318200085, -0.9949586376523348], "kind": "saddle", "value": 27.276800234605528, "sharpness": 396.5861378338349, "members": null}, {"w": [2.512743318200085, 0.9949586376523348], "kind": "saddle", "value": 27.276800234605528, "sharpness": 396.5861378338349, "members": null}, {"w": [-2.9848557010394816, -0.5025460365546747], "kind": "saddle", "value": 29.205874232477125, "sharpness": 394.99826380556476, "members": null}, {"w": [-2.9848557010394816, 0.5025460365546747], "kind": "saddle", "value": 29.205874232477125, "sharpness": 394.99826380556476, "members": null}, {"w": [-0.5025460365546747, -2.9848557010394816], "kind": "saddle", "value": 29.205874232477125, "sharpness": 394.99826380556476, "members": null}, {"w": [-0.5025460365546747, 2.9848557010394816], "kind": "saddle", "value": 29.205874232477125, "sharpness": 394.99826380556476, "members": null}, {"w": [0.5025460365546747, -2.9848557010394816], "kind": "saddle", "value": 29.205874232477125, "sharpness": 394.99826380556476, "members": null}, {"w": [0.5025460365546747, 2.9848557010394816], "kind": "saddle", "value": 29.205874232477125, "sharpness": 394.99826380556476, "members": null}, {"w": [2.9848557010394816, -0.5025460365546747], "kind": "saddle", "value": 29.205874232477125, "sharpness": 394.99826380556476, "members": null}, {"w": [2.9848557010394816, 0.5025460365546747], "kind": "saddle", "value": 29.205874232477125, "sharpness": 394.99826380556476, "members": null}, {"w": [-2.512743318200085, -1.9899122337085495], "kind": "saddle", "value": 30.26167236806632, "sharpness": 395.99142996741233, "members": null}, {"w": [-2.512743318200085, 1.9899122337085495], "kind": "saddle", "value": 30.26167236806632, "sharpness": 395.99142996741233, "members": null}, {"w": [-1.9899122337085495, -2.512743318200085], "kind": "saddle", "value": 30.26167236806632, "sharpness": 395.99142996741233, "members": null}, {"w": [-1.9899122337085495, 2.512743318200085], "kind": "saddle", "value": 30.26167236806632, "sharpness": 395.99142996741233, "members": null}, {"w": [1.9899122337085495, -2.512743318200085], "kind": "saddle", "value": 30.26167236806632, "sharpness": 395.99142996741233, "members": null}, {"w": [1.9899122337085495, 2.512743318200085], "kind": "saddle", "value": 30.26167236806632, "sharpness": 395.99142996741233, "members": null}, {"w": [2.512743318200085, -1.9899122337085495], "kind": "saddle", "value": 30.26167236806632, "sharpness": 395.99142996741233, "members": null}, {"w": [2.512743318200085, 1.9899122337085495], "kind": "saddle", "value": 30.26167236806632, "sharpness": 395.99142996741233, "members": null}, {"w": [-2.9848557010394816, -1.5076407318703584], "kind": "saddle", "value": 31.21606012629293, "sharpness": 394.99826380556476, "members": null}, {"w": [-2.9848557010394816, 1.5076407318703584], "kind": "saddle", "value": 31.21606012629293, "sharpness": 394.99826380556476, "members": null}, {"w": [-1.5076407318703584, -2.9848557010394816], "kind": "saddle", "value": 31.21606012629293, "sharpness": 394.99826380556476, "members": null}, {"w": [-1.5076407318703584, 2.9848557010394816], "kind": "saddle", "value": 31.21606012629293, "sharpness": 394.99826380556476, "members": null}, {"w": [1.5076407318703584, -2.9848557010394816], "kind": "saddle", "value": 31.21606012629293, "sharpness": 394.99826380556476, "members": null}, {"w": [1.5076407318703584, 2.9848557010394816], "kind": "saddle", "value": 31.21606012629293, "sharpness": 394.99826380556476, "members": null}, {"w": [2.9848557010394816, -1.5076407318703584], "kind": "saddle", "value": 31.21606012629293, "sharpness": 394.99826380556476, "members": null}, {"w": [2.9848557010394816, 1.5076407318703584], "kind": "saddle", "value": 31.21606012629293, "sharpness": 394.99826380556476, "members": null}, {"w": [-3.5178591381704405, -9.859293960023227e-26], "kind": "saddle", "value": 32.312440977260394, "sharpness": 396.7841760435743, "members": null}, {"w": [-2.7462900019980344e-28, -3.5178591381704405], "kind": "saddle", "value": 32.312440977260394, "sharpness": 396.7841760435743, "members": null}, {"w": [-1.0953850619405702e-26, 3.5178591381704405], "kind": "saddle", "value": 32.312440977260394, "sharpness": 396.7841760435743, "members": null}, {"w": [3.5178591381704405, 3.342088034022141e-28], "kind": "saddle", "value": 32.312440977260394, "sharpness": 396.7841760435743, "members": null}, {"w": [-3.5178591381704405, -0.9949586376523348], "kind": "saddle", "value": 33.307400034353684, "sharpness": 396.5861378338349, "members": null}, {"w": [-3.5178591381704405, 0.9949586376523348], "kind": "saddle", "value": 33.307400034353684, "sharpness": 396.5861378338349, "members": null}, {"w": [-0.9949586376523348, -3.5178591381704405], "kind": "saddle", "value": 33.307400034353684, "sharpness": 396.5861378338349, "members": null}, {"w": [-0.9949586376523348, 3.5178591381704405], "kind": "saddle", "value": 33.307400034353684, "sharpness": 396.5861378338349, "members": null}, {"w": [0.9949586376523348, -3.5178591381704405], "kind": "saddle", "value": 33.307400034353684, "sharpness": 396.5861378338349, "members": null}, {"w": [0.9949586376523348, 3.5178591381704405], "kind": "saddle", "value": 33.307400034353684, "sharpness": 396.5861378338349, "members": null}, {"w": [3.5178591381704405, -0.9949586376523348], "kind": "saddle", "value": 33.307400034353684, "sharpness": 396.5861378338349, "members": null}, {"w": [3.5178591381704405, 0.9949586376523348], "kind": "saddle", "value": 33.307400034353684, "sharpness": 396.5861378338349, "members": null}, {"w": [-2.9848557010394816, -2.512743318200085], "kind": "saddle", "value": 35.236442418999246, "sharpness": 394.99826380556476, "members": null}, {"w": [-2.9848557010394816, 2.512743318200085], "kind": "saddle", "value": 35.236442418999246, "sharpness": 394.99826380556476, "members": null}, {"w": [-2.512743318200085, -2.9848557010394816], "kind": "saddle", "value": 35.236442418999246, "sharpness": 394.99826380556476, "members": null}, {"w": [-2.512743318200085, 2.9848557010394816], "kind": "saddle", "value": 35.236442418999246, "sharpness": 394.99826380556476, "members": null}, {"w": [2.512743318200085, -2.9848557010394816], "kind": "saddle", "value": 35.236442418999246, "sharpness": 394.99826380556476, "members": null}, {"w": [2.512743318200085, 2.9848557010394816], "kind": "saddle", "value": 35.236442418999246, "sharpness": 394.99826380556476, "members": null}, {"w": [2.9848557010394816, -2.512743318200085], "kind": "saddle", "value": 35.236442418999246, "sharpness": 394.99826380556476, "members": null}, {"w": [2.9848557010394816, 2.512743318200085], "kind": "saddle", "value": 35.236442418999246, "sharpness": 394.99826380556476, "members": null}, {"w": [-3.979783860300754, -0.5025460365546747], "kind": "saddle", "value": 36.170516783451646, "sharpness": 393.60362821122555, "members": null}, {"w": [-3.979783860300754, 0.5025460365546747], "kind": "saddle", "value": 36.170516783451646, "sharpness": 393.60362821122555, "members": null}, {"w": [-0.5025460365546747, -3.979783860300754], "kind": "saddle", "value": 36.170516783451646, "sharpness": 393.60362821122555, "members": null}, {"w": [-0.5025460365546747, 3.979783860300754], "kind": "saddle", "value": 36.170516783451646, "sharpness": 393.60362821122555, "members": null}, {"w": [0.5025460365546747, -3.979783860300754], "kind": "saddle", "value": 36.170516783451646, "sharpness": 393.60362821122555, "members": null}, {"w": [0.5025460365546747, 3.979783860300754], "kind": "saddle", "value": 36.170516783451646, "sharpness": 393.60362821122555, "members": null}, {"w": [3.979783860300754, -0.5025460365546747], "kind": "saddle", "value": 36.170516783451646, "sharpness": 393.60362821122555, "members": null}, {"w": [3.979783860300754, 0.5025460365546747], "kind": "saddle", "value": 36.170516783451646, "sharpness": 393.60362821122555, "members": null}, {"w": [-3.5178591381704405, -1.9899122337085495], "kind": "saddle", "value": 36.29227216781448, "sharpness": 395.99142996741233, "members": null}, {"w": [-3.5178591381704405, 1.9899122337085495], "kind": "saddle", "value": 36.29227216781448, "sharpness": 395.99142996741233, "members": null}, {"w": [-1.9899122337085495, -3.5178591381704405], "kind": "saddle", "value": 36.29227216781448, "sharpness": 395.99142996741233, "members": null}, {"w": [-1.9899122337085495, 3.5178591381704405], "kind": "saddle", "value": 36.29227216781448, "sharpness": 395.99142996741233, "members": null}, {"w": [1.9899122337085495, -3.5178591381704405], "kind": "saddle", "value": 36.29227216781448, "sharpness": 395.99142996741233, "members": null}, {"w": [1.9899122337085495, 3.5178591381704405], "kind": "saddle", "value": 36.29227216781448, "sharpness": 395.99142996741233, "members": null}, {"w": [3.5178591381704405, -1.9899122337085495], "kind": "saddle", "value": 36.29227216781448, "sharpness": 395.99142996741233, "members": null}, {"w": [3.5178591381704405, 1.9899122337085495], "kind": "saddle", "value": 36.29227216781448, "sharpness": 395.99142996741233, "members": null}, {"w": [-3.979783860300754, -1.5076407318703584], "kind": "saddle", "value": 38.180702677267455, "sharpness": 393.60362821122555, "members": null}, {"w": [-3.979783860300754, 1.5076407318703584], "kind": "saddle", "value": 38.180702677267455, "sharpness": 393.60362821122555, "members": null}, {"w": [-1.5076407318703584, -3.979783860300754], "kind": "saddle", "value": 38.180702677267455, "sharpness": 393.60362821122555, "members": null}, {"w": [-1.5076407318703584, 3.979783860300754], "kind": "saddle", "value": 38.180702677267455, "sharpness": 393.60362821122555, "members": null}, {"w": [1.5076407318703584, -3.979783860300754], "kind": "saddle", "value": 38.180702677267455, "sharpness": 393.60362821122555, "members": null}, {"w": [1.5076407318703584, 3.979783860300754], "kind": "saddle", "value": 38.180702677267455, "sharpness": 393.60362821122555, "members": null}, {"w": [3.979783860300754, -1.5076407318703584], "kind": "saddle", "value": 38.180702677267455, "sharpness": 393.60362821122555, "members": null}, {"w": [3.979783860300754, 1.5076407318703584], "kind": "saddle", "value": 38.180702677267455, "sharpness": 393.60362821122555, "members": null}, {"w": [-4.522993659584519, 0.0], "kind": "saddle", "value": 40.35329019383896, "sharpness": 396.7841760435743, "members": null}, {"w": [0.0, -4.522993659584519], "kind": "saddle", "value": 40.35329019383896, "sharpness": 396.7841760435743, "members": null}, {"w": [0.0, 4.522993659584519], "kind": "saddle", "value": 40.35329019383896, "sharpness": 396.7841760435743, "members": null}, {"w": [4.522993659584519, 0.0], "kind": "saddle", "value": 40.35329019383896, "sharpness": 396.7841760435743, "members": null}, {"w": [-3.5178591381704405, -2.9848557010394816], "kind": "saddle", "value": 41.267042218747406, "sharpness": 394.99826380556476, "members": null}, {"w": [-3.5178591381704405, 2.9848557010394816], "kind": "saddle", "value": 41.267042218747406, "sharpness": 394.99826380556476, "members": null}, {"w": [-2.9848557010394816, -3.5178591381704405], "kind": "saddle", "value": 41.267042218747406, "sharpness": 394.99826380556476, "members": null}, {"w": [-2.9848557010394816, 3.5178591381704405], "kind": "saddle", "value": 41.267042218747406, "sharpness": 394.99826380556476, "members": null}, {"w": [2.9848557010394816, -3.5178591381704405], "kind": "saddle", "value": 41.267042218747406, "sharpness": 394.99826380556476, "members": null}, {"w": [2.9848557010394816, 3.5178591381704405], "kind": "saddle", "value": 41.267042218747406, "sharpness": 394.99826380556476, "members": null}, {"w": [3.5178591381704405, -2.9848557010394816], "kind": "saddle", "value": 41.267042218747406, "sharpness": 394.99826380556476, "members": null}, {"w": [3.5178591381704405, 2.9848557010394816], "kind": "saddle", "value": 41.267042218747406, "sharpness": 394.99826380556476, "members": null}, {"w": [-4.522993659584519, -0.9949586376523348], "kind": "saddle", "value": 41.34824925093225, "sharpness": 396.5861378338349, "members": null}, {"w": [-4.522993659584519, 0.9949586376523348], "kind": "saddle", "value": 41.34824925093225, "sharpness": 396.5861378338349, "members": null}, {"w": [-0.9949586376523348, -4.522993659584519], "kind": "saddle", "value": 41.34824925093225, "sharpness": 396.5861378338349, "members": null}, {"w": [-0.9949586376523348, 4.522993659584519], "kind": "saddle", "value": 41.34824925093225, "sharpness": 396.5861378338349, "members": null}, {"w": [0.9949586376523348, -4.522993659584519], "kind": "saddle", "value": 41.34824925093225, "sharpness": 396.5861378338349, "members": null}, {"w": [0.9949586376523348, 4.522993659584519], "kind": "saddle", "value": 41.34824925093225, "sharpness": 396.5861378338349, "members": null}, {"w": [4.522993659584519, -0.9949586376523348], "kind": "saddle", "value": 41.34824925093225, "sharpness": 396.5861378338349, "members": null}, {"w": [4.522993659584519, 0.9949586376523348], "kind": "saddle", "value": 41.34824925093225, "sharpness": 396.5861378338349, "members": null}, {"w": [-3.979783860300754, -2.512743318200085], "kind": "saddle", "value": 42.20108496997377, "sharpness": 393.60362821122555, "members": null}, {"w": [-3.979783860300754, 2.512743318200085], "kind": "saddle", "value": 42.20108496997377, "sharpness": 393.60362821122555, "members": null}, {"w": [-2.512743318200085, -3.979783860300754], "kind": "saddle", "value": 42.20108496997377, "sharpness": 393.60362821122555, "members": null}, {"w": [-2.512743318200085, 3.979783860300754], "kind": "saddle", "value": 42.20108496997377, "sharpness": 393.60362821122555, "members": null}, {"w": [2.512743318200085, -3.979783860300754], "kind": "saddle", "value": 42.20108496997377, "sharpness": 393.60362821122555, "members": null}, {"w": [2.512743318200085, 3.979783860300754], "kind": "saddle", "value": 42.20108496997377, "sharpness": 393.60362821122555, "members": null}, {"w": [3.979783860300754, -2.512743318200085], "kind": "saddle", "value": 42.20108496997377, "sharpness": 393.60362821122555, "members": null}, {"w": [3.979783860300754, 2.512743318200085], "kind": "saddle", "value": 42.20108496997377, "sharpness": 393.60362821122555, "members": null}, {"w": [-4.522993659584519, -1.9899122337085495], "kind": "saddle", "value": 44.333121384393046, "sharpness": 395.99142996741233, "members": null}, {"w": [-4.522993659584519, 1.9899122337085495], "kind": "saddle", "value": 44.333121384393046, "sharpness": 395.99142996741233, "members": null}, {"w": [-1.9899122337085495, -4.522993659584519], "kind": "saddle", "value": 44.333121384393046, "sharpness": 395.99142996741233, "members": null}, {"w": [-1.9899122337085495, 4.522993659584519], "kind": "saddle", "value": 44.333121384393046, "sharpness": 395.99142996741233, "members": null}, {"w": [1.9899122337085495, -4.522993659584519], "kind": "saddle", "value": 44.333121384393046, "sharpness": 395.99142996741233, "members": null}, {"w": [1.9899122337085495, 4.522993659584519], "kind": "saddle", "value": 44.333121384393046, "sharpness": 395.99142996741233, "members": null}, {"w": [4.522993659584519, -1.9899122337085495], "kind": "saddle", "value": 44.333121384393046, "sharpness": 395.99142996741233, "members": null}, {"w": [4.522993659584519, 1.9899122337085495], "kind": "saddle", "value": 44.333121384393046, "sharpness": 395.99142996741233, "members": null}, {"w": [-4.974691390895051, -0.5025460365546747], "kind": "saddle", "value": 45.124995925532346, "sharpness": 391.8032433161296, "members": null}, {"w": [-4.974691390895051, 0.5025460365546747], "kind": "saddle", "value": 45.124995925532346, "sharpness": 391.8032433161296, "members": null}, {"w": [-0.5025460365546747, -4.974691390895051], "kind": "saddle", "value": 45.124995925532346, "sharpness": 391.8032433161296, "members": null}, {"w": [-0.5025460365546747, 4.974691390895051], "kind": "saddle", "value": 45.124995925532346, "sharpness": 391.8032433161296, "members": null}, {"w": [0.5025460365546747, -4.974691390895051], "kind": "saddle", "value": 45.124995925532346, "sharpness": 391.8032433161296, "members": null}, {"w": [0.5025460365546747, 4.974691390895051], "kind": "saddle", "value": 45.124995925532346, "sharpness": 391.8032433161296, "members": null}, {"w": [4.974691390895051, -0.5025460365546747], "kind": "saddle", "value": 45.124995925532346, "sharpness": 391.8032433161296, "members": null}, {"w": [4.974691390895051, 0.5025460365546747], "kind": "saddle", "value": 45.124995925532346, "sharpness": 391.8032433161296, "members": null}, {"w": [-4.974691390895051, -1.5076407318703584], "kind": "saddle", "value": 47.13518181934815, "sharpness": 391.8032433161296, "members": null}, {"w": [-4.974691390895051, 1.5076407318703584], "kind": "saddle", "value": 47.13518181934815, "sharpness": 391.8032433161296, "members": null}, {"w": [-1.5076407318703584, -4.974691390895051], "kind": "saddle", "value": 47.13518181934815, "sharpness": 391.8032433161296, "members": null}, {"w": [-1.5076407318703584, 4.974691390895051], "kind": "saddle", "value": 47.13518181934815, "sharpness": 391.8032433161296, "members": null}, {"w": [1.5076407318703584, -4.974691390895051], "kind": "saddle", "value": 47.13518181934815, "sharpness": 391.8032433161296, "members": null}, {"w": [1.5076407318703584, 4.974691390895051], "kind": "saddle", "value": 47.13518181934815, "sharpness": 391.8032433161296, "members": null}, {"w": [4.974691390895051, -1.5076407318703584], "kind": "saddle", "value": 47.13518181934815, "sharpness": 391.8032433161296, "members": null}, {"w": [4.974691390895051, 1.5076407318703584], "kind": "saddle", "value": 47.13518181934815, "sharpness": 391.8032433161296, "members": null}, {"w": [-3.979783860300754, -3.5178591381704405], "kind": "saddle", "value": 48.23168476972193, "sharpness": 393.60362821122555, "members": null}, {"w": [-3.979783860300754, 3.5178591381704405], "kind": "saddle", "value": 48.23168476972193, "sharpness": 393.60362821122555, "members": null}, {"w": [-3.5178591381704405, -3.979783860300754], "kind": "saddle", "value": 48.23168476972193, "sharpness": 393.60362821122555, "members": null}, {"w": [-3.5178591381704405, 3.979783860300754], "kind": "saddle", "value": 48.23168476972193, "sharpness": 393.60362821122555, "members": null}, {"w": [3.5178591381704405, -3.979783860300754], "kind": "saddle", "value": 48.23168476972193, "sharpness": 393.60362821122555, "members": null}, {"w": [3.5178591381704405, 3.979783860300754], "kind": "saddle", "value": 48.23168476972193, "sharpness": 393.60362821122555, "members": null}, {"w": [3.979783860300754, -3.5178591381704405], "kind": "saddle", "value": 48.23168476972193, "sharpness": 393.60362821122555, "members": null}, {"w": [3.979783860300754, 3.5178591381704405], "kind": "saddle", "value": 48.23168476972193, "sharpness": 393.60362821122555, "members": null}, {"w": [-4.522993659584519, -2.9848557010394816], "kind": "saddle", "value": 49.30789143532597, "sharpness": 394.99826380556476, "members": null}, {"w": [-4.522993659584519, 2.9848557010394816], "kind": "saddle", "value": 49.30789143532597, "sharpness": 394.99826380556476, "members": null}, {"w": [-2.9848557010394816, -4.522993659584519], "kind": "saddle", "value": 49.30789143532597, "sharpness": 394.99826380556476, "members": null}, {"w": [-2.9848557010394816, 4.522993659584519], "kind": "saddle", "value": 49.30789143532597, "sharpness": 394.99826380556476, "members": null}, {"w": [2.9848557010394816, -4.522993659584519], "kind": "saddle", "value": 49.30789143532597, "sharpness": 394.99826380556476, "members": null}, {"w": [2.9848557010394816, 4.522993659584519], "kind": "saddle", "value": 49.30789143532597, "sharpness": 394.99826380556476, "members": null}, {"w": [4.522993659584519, -2.9848557010394816], "kind": "saddle", "value": 49.30789143532597, "sharpness": 394.99826380556476, "members": null}, {"w": [4.522993659584519, 2.9848557010394816], "kind": "saddle", "value": 49.30789143532597, "sharpness": 394.99826380556476, "members": null}, {"w": [-5.528152530113669, -3.5313856726499047e-31], "kind": "saddle", "value": 50.40443184303798, "sharpness": 396.7841760435743, "members": null}, {"w": [1.3390780221995974e-26, -5.528152530113669], "kind": "saddle", "value": 50.40443184303798, "sharpness": 396.7841760435743, "members": null}, {"w": [-4.974691390895051, -2.512743318200085], "kind": "saddle", "value": 51.15556411205446, "sharpness": 391.8032433161296, "members": null}, {"w": [-4.974691390895051, 2.512743318200085], "kind": "saddle", "value": 51.15556411205446, "sharpness": 391.8032433161296, "members": null}, {"w": [-2.512743318200085, -4.974691390895051], "kind": "saddle", "value": 51.15556411205446, "sharpness": 391.8032433161296, "members": null}, {"w": [-2.512743318200085, 4.974691390895051], "kind": "saddle", "value": 51.15556411205446, "sharpness": 391.8032433161296, "members": null}, {"w": [2.512743318200085, -4.974691390895051], "kind": "saddle", "value": 51.15556411205446, "sharpness": 391.8032433161296, "members": null}, {"w": [2.512743318200085, 4.974691390895051], "kind": "saddle", "value": 51.15556411205446, "sharpness": 391.8032433161296, "members": null}, {"w": [4.974691390895051, -2.512743318200085], "kind": "saddle", "value": 51.15556411205446, "sharpness": 391.8032433161296, "members": null}, {"w": [4.974691390895051, 2.512743318200085], "kind": "saddle", "value": 51.15556411205446, "sharpness": 391.8032433161296, "members": null}, {"w": [-5.528152530113669, -0.9949586376523348], "kind": "saddle", "value": 51.39939090013127, "sharpness": 396.5861378338349, "members": null}, {"w": [-5.528152530113669, 0.9949586376523348], "kind": "saddle", "value": 51.39939090013127, "sharpness": 396.5861378338349, "members": null}, {"w": [-0.9949586376523348, -5.528152530113669], "kind": "saddle", "value": 51.39939090013127, "sharpness": 396.5861378338349, "members": null}, {"w": [0.9949586376523348, -5.528152530113669], "kind": "saddle", "value": 51.39939090013127, "sharpness": 396.5861378338349, "members": null}, {"w": [5.528152530113669, -0.9949586376523348], "kind": "saddle", "value": 51.39939090013127, "sharpness": 396.5861378338349, "members": null}, {"w": [-5.528152530113669, -1.9899122337085495], "kind": "saddle", "value": 54.38426303359207, "sharpness": 395.99142996741233, "members": null}, {"w": [-1.9899122337085495, 5.52815253011367], "kind": "saddle", "value": 54.38426303359208, "sharpness": 395.99142996741233, "members": null}, {"w": [1.9899122337085495, -5.528152530113669], "kind": "saddle", "value": 54.38426303359207, "sharpness": 395.99142996741233, "members": null}, {"w": [1.9899122337085495, 5.528152530113669], "kind": "saddle", "value": 54.38426303359207, "sharpness": 395.99142996741233, "members": null}, {"w": [5.528152530113669, -1.9899122337085495], "kind": "saddle", "value": 54.38426303359207, "sharpness": 395.99142996741233, "members": null}, {"w": [-5.969572778253027, 0.5025460365546747], "kind": "saddle", "value": 56.06926492378683, "sharpness": 389.5914934716732, "members": null}, {"w": [-0.5025460365546747, -5.969572778253027], "kind": "saddle", "value": 56.06926492378683, "sharpness": 389.5914934716732, "members": null}, {"w": [0.5025460365546747, -5.969572778253027], "kind": "saddle", "value": 56.06926492378683, "sharpness": 389.5914934716732, "members": null}, {"w": [-4.522993659584519, -3.979783860300754], "kind": "saddle", "value": 56.272533986300495, "sharpness": 393.60362821122555, "members": null}, {"w": [-4.522993659584519, 3.979783860300754], "kind": "saddle", "value": 56.272533986300495, "sharpness": 393.60362821122555, "members": null}, {"w": [-3.979783860300754, -4.522993659584519], "kind": "saddle", "value": 56.272533986300495, "sharpness": 393.60362821122555, "members": null}, {"w": [-3.979783860300754, 4.522993659584519], "kind": "saddle", "value": 56.272533986300495, "sharpness": 393.60362821122555, "members": null}, {"w": [3.979783860300754, -4.522993659584519], "kind": "saddle", "value": 56.272533986300495, "sharpness": 393.60362821122555, "members": null}, {"w": [3.979783860300754, 4.522993659584519], "kind": "saddle", "value": 56.272533986300495, "sharpness": 393.60362821122555, "members": null}, {"w": [4.522993659584519, -3.979783860300754], "kind": "saddle", "value": 56.272533986300495, "sharpness": 393.60362821122555, "members": null}, {"w": [4.522993659584519, 3.979783860300754], "kind": "saddle", "value": 56.272533986300495, "sharpness": 393.60362821122555, "members": null}, {"w": [-4.974691390895051, -3.5178591381704405], "kind": "saddle", "value": 57.18616391180262, "sharpness": 391.8032433161296, "members": null}, {"w": [-4.974691390895051, 3.5178591381704405], "kind": "saddle", "value": 57.18616391180262, "sharpness": 391.8032433161296, "members": null}, {"w": [-3.5178591381704405, -4.974691390895051], "kind": "saddle", "value": 57.18616391180262, "sharpness": 391.8032433161296, "members": null}, {"w": [-3.5178591381704405, 4.974691390895051], "kind": "saddle", "value": 57.18616391180262, "sharpness": 391.8032433161296, "members": null}, {"w": [3.5178591381704405, -4.974691390895051], "kind": "saddle", "value": 57.18616391180262, "sharpness": 391.8032433161296, "members": null}, {"w": [3.5178591381704405, 4.974691390895051], "kind": "saddle", "value": 57.18616391180262, "sharpness": 391.8032433161296, "members": null}, {"w": [4.974691390895051, -3.5178591381704405], "kind": "saddle", "value": 57.18616391180262, "sharpness": 391.8032433161296, "members": null}, {"w": [4.974691390895051, 3.5178591381704405], "kind": "saddle", "value": 57.18616391180262, "sharpness": 391.8032433161296, "members": null}, {"w": [1.5076407318703584, -5.969572778253027], "kind": "saddle", "value": 58.07945081760264, "sharpness": 389.5914934716732, "members": null}, {"w": [-5.528152530113669, -2.9848557010394816], "kind": "saddle", "value": 59.359033084524995, "sharpness": 394.99826380556476, "members": null}, {"w": [-2.9848557010394816, -5.528152530113669], "kind": "saddle", "value": 59.359033084524995, "sharpness": 394.99826380556476, "members": null}, {"w": [-2.9848557010394816, 5.528152530113669], "kind": "saddle", "value": 59.359033084524995, "sharpness": 394.99826380556476, "members": null}, {"w": [2.9848557010394816, -5.528152530113669], "kind": "saddle", "value": 59.359033084524995, "sharpness": 394.99826380556476, "members": null}, {"w": [2.9848557010394816, 5.528152530113669], "kind": "saddle", "value": 59.359033084524995, "sharpness": 394.99826380556476, "members": null}, {"w": [5.528152530113669, 2.9848557010394816], "kind": "saddle", "value": 59.359033084524995, "sharpness": 394.99826380556476, "members": null}, {"w": [-5.969572778253027, -2.512743318200085], "kind": "saddle", "value": 62.09983311030896, "sharpness": 389.5914934716732, "members": null}, {"w": [-5.969572778253027, 2.512743318200085], "kind": "saddle", "value": 62.09983311030896, "sharpness": 389.5914934716732, "members": null}, {"w": [2.512743318200085, 5.969572778253027], "kind": "saddle", "value": 62.09983311030896, "sharpness": 389.5914934716732, "members": null}, {"w": [5.969572778253027, -2.512743318200085], "kind": "saddle", "value": 62.09983311030896, "sharpness": 389.5914934716732, "members": null}, {"w": [-6.5333416369005235, 0.9949586376523348], "kind": "saddle", "value": 63.46087952211937, "sharpness": 396.5861378338349, "members": null}, {"w": [-4.974691390895051, -4.522993659584519], "kind": "saddle", "value": 65.22701312838119, "sharpness": 391.8032433161296, "members": null}, {"w": [-4.974691390895051, 4.522993659584519], "kind": "saddle", "value": 65.22701312838119, "sharpness": 391.8032433161296, "members": null}, {"w": [-4.522993659584519, -4.974691390895051], "kind": "saddle", "value": 65.22701312838119, "sharpness": 391.8032433161296, "members": null}, {"w": [-4.522993659584519, 4.974691390895051], "kind": "saddle", "value": 65.22701312838119, "sharpness": 391.8032433161296, "members": null}, {"w": [4.522993659584519, -4.974691390895051], "kind": "saddle", "value": 65.22701312838119, "sharpness": 391.8032433161296, "members": null}, {"w": [4.522993659584519, 4.974691390895051], "kind": "saddle", "value": 65.22701312838119, "sharpness": 391.8032433161296, "members": null}, {"w": [4.974691390895051, -4.522993659584519], "kind": "saddle", "value": 65.22701312838119, "sharpness": 391.8032433161296, "members": null}, {"w": [4.974691390895051, 4.522993659584519], "kind": "saddle", "value": 65.22701312838119, "sharpness": 391.8032433161296, "members": null}, {"w": [-5.528152530113669, 3.9797838603007536], "kind": "saddle", "value": 66.32367563549951, "sharpness": 393.60362821122555, "members": null}, {"w": [-3.979783860300754, -5.528152530113669], "kind": "saddle", "value": 66.32367563549951, "sharpness": 393.60362821122555, "members": null}, {"w": [-3.979783860300754, 5.528152530113669], "kind": "saddle", "value": 66.32367563549951, "sharpness": 393.60362821122555, "members": null}, {"w": [3.979783860300754, -5.528152530113669], "kind": "saddle", "value": 66.32367563549951, "sharpness": 393.60362821122555, "members": null}, {"w": [3.979783860300754, 5.528152530113669], "kind": "saddle", "value": 66.32367563549951, "sharpness": 393.60362821122555, "members": null}, {"w": [5.528152530113669, -3.979783860300754], "kind": "saddle", "value": 66.32367563549951, "sharpness": 393.60362821122555, "members": null}, {"w": [6.533341636900525, 1.9899122337085495], "kind": "saddle", "value": 66.44575165558015, "sharpness": 395.99142996741233, "members": null}, {"w": [-3.5178591381704405, -5.969572778253027], "kind": "saddle", "value": 68.13043291005712, "sharpness": 389.5914934716732, "members": null}, {"w": [3.5178591381704405, -5.969572778253027], "kind": "saddle", "value": 68.13043291005712, "sharpness": 389.5914934716732, "members": null}, {"w": [5.969572778253027, -3.517859138170441], "kind": "saddle", "value": 68.13043291005712, "sharpness": 389.5914934716732, "members": null}, {"w": [6.964422255915434, 0.5025460365546747], "kind": "saddle", "value": 69.00326577243008, "sharpness": 386.96133687785505, "members": null}, {"w": [-1.5076407318703584, 6.964422255915434], "kind": "saddle", "value": 71.01345166624589, "sharpness": 386.96133687785505, "members": null}, {"w": [6.964422255915434, -1.5076407318703584], "kind": "saddle", "value": 71.01345166624589, "sharpness": 386.96133687785505, "members": null}, {"w": [-2.512743318200085, 6.964422255915434], "kind": "saddle", "value": 75.0338339589522, "sharpness": 386.96133687785505, "members": null}, {"w": [2.512743318200085, -6.964422255915434], "kind": "saddle", "value": 75.0338339589522, "sharpness": 386.96133687785505, "members": null}, {"w": [-5.528152530113669, 4.974691390895051], "kind": "saddle", "value": 75.27815477758021, "sharpness": 391.8032433161296, "members": null}, {"w": [-4.974691390895051, 5.528152530113669], "kind": "saddle", "value": 75.27815477758021, "sharpness": 391.8032433161296, "members": null}, {"w": [4.974691390895051, -5.528152530113669], "kind": "saddle", "value": 75.27815477758021, "sharpness": 391.8032433161296, "members": null}, {"w": [4.974691390895051, 5.528152530113669], "kind": "saddle", "value": 75.27815477758021, "sharpness": 391.8032433161296, "members": null}, {"w": [5.528152530113669, -4.974691390895052], "kind": "saddle", "value": 75.27815477758021, "sharpness": 391.8032433161301, "members": null}, {"w": [5.528152530113669, 4.974691390895051], "kind": "saddle", "value": 75.27815477758021, "sharpness": 391.8032433161296, "members": null}, {"w": [0.9949586376523348, 7.538567172919549], "kind": "saddle", "value": 77.53278172544827, "sharpness": 396.5861378338349, "members": null}, {"w": [-6.964422255915434, 3.5178591381704405], "kind": "saddle", "value": 81.06443375870036, "sharpness": 386.96133687785505, "members": null}, {"w": [3.979783860300754, -7.538567172919549], "kind": "saddle", "value": 92.4570664608165, "sharpness": 393.60362821122555, "members": null}, {"w": [-0.5025460365546747, -0.5025460365546747], "kind": "maximum", "value": 40.50254598198023, "sharpness": -392.7336623081163, "members": null}, {"w": [-0.5025460365546747, 0.5025460365546747], "kind": "maximum", "value": 40.50254598198023, "sharpness": -392.7336623081163, "members": null}, {"w": [0.5025460365546747, -0.5025460365546747], "kind": "maximum", "value": 40.50254598198023, "sharpness": -392.7336623081163, "members": null}, {"w": [0.5025460365546747, 0.5025460365546747], "kind": "maximum", "value": 40.50254598198023, "sharpness": -392.7336623081163, "members": null}, {"w": [-1.5076407318703584, -0.5025460365546747], "kind": "maximum", "value": 42.512731875796035, "sharpness": -392.32931789152815, "members": null}, {"w": [-1.5076407318703584, 0.5025460365546747], "kind": "maximum", "value": 42.512731875796035, "sharpness": -392.32931789152815, "members": null}, {"w": [-0.5025460365546747, -1.5076407318703584], "kind": "maximum", "value": 42.512731875796035, "sharpness": -392.32931789152815, "members": null}, {"w": [-0.5025460365546747, 1.5076407318703584], "kind": "maximum", "value": 42.512731875796035, "sharpness": -392.32931789152815, "members": null}, {"w": [0.5025460365546747, -1.5076407318703584], "kind": "maximum", "value": 42.512731875796035, "sharpness": -392.32931789152815, "members": null}, {"w": [0.5025460365546747, 1.5076407318703584], "kind": "maximum", "value": 42.512731875796035, "sharpness": -392.32931789152815, "members": null}, {"w": [1.5076407318703584, -0.5025460365546747], "kind": "maximum", "value": 42.512731875796035, "sharpness": -392.32931789152815, "members": null}, {"w": [1.5076407318703584, 0.5025460365546747], "kind": "maximum", "value": 42.512731875796035, "sharpness": -392.32931789152815, "members": null}, {"w": [-1.5076407318703584, -1.5076407318703584], "kind": "maximum", "value": 44.52291776961184, "sharpness": -392.32931789152815, "members": null}, {"w": [-1.5076407318703584, 1.5076407318703584], "kind": "maximum", "value": 44.52291776961184, "sharpness": -392.32931789152815, "members": null}, {"w": [1.5076407318703584, -1.5076407318703584], "kind": "maximum", "value": 44.52291776961184, "sharpness": -392.32931789152815, "members": null}, {"w": [1.5076407318703584, 1.5076407318703584], "kind": "maximum", "value": 44.52291776961184, "sharpness": -392.32931789152815, "members": null}, {"w": [-2.512743318200085, -0.5025460365546747], "kind": "maximum", "value": 46.53311416850235, "sharpness": -391.5193741731171, "members": null}, {"w": [-2.512743318200085, 0.5025460365546747], "kind": "maximum", "value": 46.53311416850235, "sharpness": -391.5193741731171, "members": null}, {"w": [-0.5025460365546747, -2.512743318200085], "kind": "maximum", "value": 46.53311416850235, "sharpness": -391.5193741731171, "members": null}, {"w": [-0.5025460365546747, 2.512743318200085], "kind": "maximum", "value": 46.53311416850235, "sharpness": -391.5193741731171, "members": null}, {"w": [0.5025460365546747, -2.512743318200085], "kind": "maximum", "value": 46.53311416850235, "sharpness": -391.5193741731171, "members": null}, {"w": [0.5025460365546747, 2.512743318200085], "kind": "maximum", "value": 46.53311416850235, "sharpness": -391.5193741731171, "members": null}, {"w": [2.512743318200085, -0.5025460365546747], "kind": "maximum", "value": 46.53311416850235, "sharpness": -391.5193741731171, "members": null}, {"w": [2.512743318200085, 0.5025460365546747], "kind": "maximum", "value": 46.53311416850235, "sharpness": -391.5193741731171, "members": null}, {"w": [-2.512743318200085, -1.5076407318703584], "kind": "maximum", "value": 48.54330006231815, "sharpness": -391.5193741731171, "members": null}, {"w": [-2.512743318200085, 1.5076407318703584], "kind": "maximum", "value": 48.54330006231815, "sharpness": -391.5193741731171, "members": null}, {"w": [-1.5076407318703584, -2.512743318200085], "kind": "maximum", "value": 48.54330006231815, "sharpness": -391.5193741731171, "members": null}, {"w": [-1.5076407318703584, 2.512743318200085], "kind": "maximum", "value": 48.54330006231815, "sharpness": -391.5193741731171, "members": null}, {"w": [1.5076407318703584, -2.512743318200085], "kind": "maximum", "value": 48.54330006231815, "sharpness": -391.5193741731171, "members": null}, {"w": [1.5076407318703584, 2.512743318200085], "kind": "maximum", "value": 48.54330006231815, "sharpness": -391.5193741731171, "members": null}, {"w": [2.512743318200085, -1.5076407318703584], "kind": "maximum", "value": 48.54330006231815, "sharpness": -391.5193741731171, "members": null}, {"w": [2.512743318200085, 1.5076407318703584], "kind": "maximum", "value": 48.54330006231815, "sharpness": -391.5193741731171, "members": null}, {"w": [-2.512743318200085, -2.512743318200085], "kind": "maximum", "value": 52.56368235502447, "sharpness": -391.5193741731171, "members": null}, {"w": [-2.512743318200085, 2.512743318200085], "kind": "maximum", "value": 52.56368235502447, "sharpness": -391.5193741731171, "members": null}, {"w": [2.512743318200085, -2.512743318200085], "kind": "maximum", "value": 52.56368235502447, "sharpness": -391.5193741731171, "members": null}, {"w": [2.512743318200085, 2.512743318200085], "kind": "maximum", "value": 52.56368235502447, "sharpness": -391.5193741731171, "members": null}, {"w": [-3.5178591381704405, -0.5025460365546747], "kind": "maximum", "value": 52.56371396825051, "sharpness": -390.30130182169836, "members": null}, {"w": [-3.5178591381704405, 0.5025460365546747], "kind": "maximum", "value": 52.56371396825051, "sharpness": -390.30130182169836, "members": null}, {"w": [-0.5025460365546747, -3.5178591381704405], "kind": "maximum", "value": 52.56371396825051, "sharpness": -390.30130182169836, "members": null}, {"w": [-0.5025460365546747, 3.5178591381704405], "kind": "maximum", "value": 52.56371396825051, "sharpness": -390.30130182169836, "members": null}, {"w": [0.5025460365546747, -3.5178591381704405], "kind": "maximum", "value": 52.56371396825051, "sharpness": -390.30130182169836, "members": null}, {"w": [0.5025460365546747, 3.5178591381704405], "kind": "maximum", "value": 52.56371396825051, "sharpness": -390.30130182169836, "members": null}, {"w": [3.5178591381704405, -0.5025460365546747], "kind": "maximum", "value": 52.56371396825051, "sharpness": -390.30130182169836, "members": null}, {"w": [3.5178591381704405, 0.5025460365546747], "kind": "maximum", "value": 52.56371396825051, "sharpness": -390.30130182169836, "members": null}, {"w": [-3.5178591381704405, -1.5076407318703584], "kind": "maximum", "value": 54.57389986206631, "sharpness": -390.30130182169836, "members": null}, {"w": [-3.5178591381704405, 1.5076407318703584], "kind": "maximum", "value": 54.57389986206631, "sharpness": -390.30130182169836, "members": null}, {"w": [-1.5076407318703584, -3.5178591381704405], "kind": "maximum", "value": 54.57389986206631, "sharpness": -390.30130182169836, "members": null}, {"w": [-1.5076407318703584, 3.5178591381704405], "kind": "maximum", "value": 54.57389986206631, "sharpness": -390.30130182169836, "members": null}, {"w": [1.5076407318703584, -3.5178591381704405], "kind": "maximum", "value": 54.57389986206631, "sharpness": -390.30130182169836, "members": null}, {"w": [1.5076407318703584, 3.5178591381704405], "kind": "maximum", "value": 54.57389986206631, "sharpness": -390.30130182169836, "members": null}, {"w": [3.5178591381704405, -1.5076407318703584], "kind": "maximum", "value": 54.57389986206631, "sharpness": -390.30130182169836, "members": null}, {"w": [3.5178591381704405, 1.5076407318703584], "kind": "maximum", "value": 54.57389986206631, "sharpness": -390.30130182169836, "members": null}, {"w": [-3.5178591381704405, -2.512743318200085], "kind": "maximum", "value": 58.59428215477263, "sharpness": -390.30130182169836, "members": null}, {"w": [-3.5178591381704405, 2.512743318200085], "kind": "maximum", "value": 58.59428215477263, "sharpness": -390.30130182169836, "members": null}, {"w": [-2.512743318200085, -3.5178591381704405], "kind": "maximum", "value": 58.59428215477263, "sharpness": -390.30130182169836, "members": null}, {"w": [-2.512743318200085, 3.5178591381704405], "kind": "maximum", "value": 58.59428215477263, "sharpness": -390.30130182169836, "members": null}, {"w": [2.512743318200085, -3.5178591381704405], "kind": "maximum", "value": 58.59428215477263, "sharpness": -390.30130182169836, "members": null}, {"w": [2.512743318200085, 3.5178591381704405], "kind": "maximum", "value": 58.59428215477263, "sharpness": -390.30130182169836, "members": null}, {"w": [3.5178591381704405, -2.512743318200085], "kind": "maximum", "value": 58.59428215477263, "sharpness": -390.30130182169836, "members": null}, {"w": [3.5178591381704405, 2.512743318200085], "kind": "maximum", "value": 58.59428215477263, "sharpness": -390.30130182169836, "members": null}, {"w": [-4.522993659584519, -0.5025460365546747], "kind": "maximum", "value": 60.604563184829075, "sharpness": -388.6712572221534, "members": null}, {"w": [-4.522993659584519, 0.5025460365546747], "kind": "maximum", "value": 60.604563184829075, "sharpness": -388.6712572221534, "members": null}, {"w": [-0.5025460365546747, -4.522993659584519], "kind": "maximum", "value": 60.604563184829075, "sharpness": -388.6712572221534, "members": null}, {"w": [-0.5025460365546747, 4.522993659584519], "kind": "maximum", "value": 60.604563184829075, "sharpness": -388.6712572221534, "members": null}, {"w": [0.5025460365546747, -4.522993659584519], "kind": "maximum", "value": 60.604563184829075, "sharpness": -388.6712572221534, "members": null}, {"w": [0.5025460365546747, 4.522993659584519], "kind": "maximum", "value": 60.604563184829075, "sharpness": -388.6712572221534, "members": null}, {"w": [4.522993659584519, -0.5025460365546747], "kind": "maximum", "value": 60.604563184829075, "sharpness": -388.6712572221534, "members": null}, {"w": [4.522993659584519, 0.5025460365546747], "kind": "maximum", "value": 60.604563184829075, "sharpness": -388.6712572221534, "members": null}, {"w": [-4.522993659584519, -1.5076407318703584], "kind": "maximum", "value": 62.61474907864488, "sharpness": -388.6712572221534, "members": null}, {"w": [-4.522993659584519, 1.5076407318703584], "kind": "maximum", "value": 62.61474907864488, "sharpness": -388.6712572221534, "members": null}, {"w": [-1.5076407318703584, -4.522993659584519], "kind": "maximum", "value": 62.61474907864488, "sharpness": -388.6712572221534, "members": null}, {"w": [-1.5076407318703584, 4.522993659584519], "kind": "maximum", "value": 62.61474907864488, "sharpness": -388.6712572221534, "members": null}, {"w": [1.5076407318703584, -4.522993659584519], "kind": "maximum", "value": 62.61474907864488, "sharpness": -388.6712572221534, "members": null}, {"w": [1.5076407318703584, 4.522993659584519], "kind": "maximum", "value": 62.61474907864488, "sharpness": -388.6712572221534, "members": null}, {"w": [4.522993659584519, -1.5076407318703584], "kind": "maximum", "value": 62.61474907864488, "sharpness": -388.6712572221534, "members": null}, {"w": [4.522993659584519, 1.5076407318703584], "kind": "maximum", "value": 62.61474907864488, "sharpness": -388.6712572221534, "members": null}, {"w": [-3.5178591381704405, -3.5178591381704405], "kind": "maximum", "value": 64.62488195452079, "sharpness": -390.30130182169836, "members": null}, {"w": [-3.5178591381704405, 3.5178591381704405], "kind": "maximum", "value": 64.62488195452079, "sharpness": -390.30130182169836, "members": null}, {"w": [3.5178591381704405, -3.5178591381704405], "kind": "maximum", "value": 64.62488195452079, "sharpness": -390.30130182169836, "members": null}, {"w": [3.5178591381704405, 3.517859138170441], "kind": "maximum", "value": 64.62488195452079, "sharpness": -390.30130182169836, "members": null}, {"w": [-4.522993659584519, -2.512743318200085], "kind": "maximum", "value": 66.63513137135119, "sharpness": -388.6712572221534, "members": null}, {"w": [-4.522993659584519, 2.512743318200085], "kind": "maximum", "value": 66.63513137135119, "sharpness": -388.6712572221534, "members": null}, {"w": [-2.512743318200085, -4.522993659584519], "kind": "maximum", "value": 66.63513137135119, "sharpness": -388.6712572221534, "members": null}, {"w": [-2.512743318200085, 4.522993659584519], "kind": "maximum", "value": 66.63513137135119, "sharpness": -388.6712572221534, "members": null}, {"w": [2.512743318200085, -4.522993659584519], "kind": "maximum", "value": 66.63513137135119, "sharpness": -388.6712572221534, "members": null}, {"w": [2.512743318200085, 4.522993659584519], "kind": "maximum", "value": 66.63513137135119, "sharpness": -388.6712572221534, "members": null}, {"w": [4.522993659584519, -2.512743318200085], "kind": "maximum", "value": 66.63513137135119, "sharpness": -388.6712572221534, "members": null}, {"w": [4.522993659584519, 2.512743318200085], "kind": "maximum", "value": 66.63513137135119, "sharpness": -388.6712572221534, "members": null}, {"w": [-0.5025460365546747, 5.528152530113669], "kind": "maximum", "value": 70.6557048340281, "sharpness": -386.62402087937954, "members": null}, {"w": [0.5025460365546747, 5.528152530113669], "kind": "maximum", "value": 70.6557048340281, "sharpness": -386.62402087937954, "members": null}, {"w": [5.528152530113669, 0.5025460365546747], "kind": "maximum", "value": 70.6557048340281, "sharpness": -386.62402087937954, "members": null}, {"w": [-4.522993659584519, -3.5178591381704405], "kind": "maximum", "value": 72.66573117109935, "sharpness": -388.6712572221534, "members": null}, {"w": [-4.522993659584519, 3.5178591381704405], "kind": "maximum", "value": 72.66573117109935, "sharpness": -388.6712572221534, "members": null}, {"w": [-3.5178591381704405, -4.522993659584519], "kind": "maximum", "value": 72.66573117109935, "sharpness": -388.6712572221534, "members": null}, {"w": [-3.5178591381704405, 4.522993659584519], "kind": "maximum", "value": 72.66573117109935, "sharpness": -388.6712572221534, "members": null}, {"w": [3.5178591381704405, -4.522993659584519], "kind": "maximum", "value": 72.66573117109935, "sharpness": -388.6712572221534, "members": null}, {"w": [3.5178591381704405, 4.522993659584519], "kind": "maximum", "value": 72.66573117109935, "sharpness": -388.6712572221534, "members": null}, {"w": [4.522993659584519, -3.5178591381704405], "kind": "maximum", "value": 72.66573117109935, "sharpness": -388.6712572221534, "members": null}, {"w": [4.522993659584519, 3.5178591381704405], "kind": "maximum", "value": 72.66573117109935, "sharpness": -388.6712572221534, "members": null}, {"w": [-5.528152530113669, -1.5076407318703584], "kind": "maximum", "value": 72.6658907278439, "sharpness": -386.62402087937954, "members": null}, {"w": [-5.528152530113669, 1.5076407318703584], "kind": "maximum", "value": 72.6658907278439, "sharpness": -386.62402087937954, "members": null}, {"w": [-1.5076407318703584, 5.52815253011367], "kind": "maximum", "value": 72.6658907278439, "sharpness": -386.62402087937903, "members": null}, {"w": [1.5076407318703584, -5.528152530113669], "kind": "maximum", "value": 72.6658907278439, "sharpness": -386.62402087937954, "members": null}, {"w": [1.5076407318703584, 5.528152530113669], "kind": "maximum", "value": 72.6658907278439, "sharpness": -386.62402087937954, "members": null}, {"w": [5.528152530113669, -1.5076407318703584], "kind": "maximum", "value": 72.6658907278439, "sharpness": -386.62402087937954, "members": null}, {"w": [-5.528152530113669, -2.512743318200085], "kind": "maximum", "value": 76.68627302055022, "sharpness": -386.62402087937954, "members": null}, {"w": [2.512743318200085, -5.528152530113669], "kind": "maximum", "value": 76.68627302055022, "sharpness": -386.62402087937954, "members": null}, {"w": [2.512743318200085, 5.528152530113669], "kind": "maximum", "value": 76.68627302055022, "sharpness": -386.62402087937954, "members": null}, {"w": [-4.522993659584519, -4.522993659584519], "kind": "maximum", "value": 80.70658038767792, "sharpness": -388.6712572221534, "members": null}, {"w": [-4.522993659584519, 4.522993659584519], "kind": "maximum", "value": 80.70658038767792, "sharpness": -388.6712572221534, "members": null}, {"w": [4.522993659584519, -4.522993659584519], "kind": "maximum", "value": 80.70658038767792, "sharpness": -388.6712572221534, "members": null}, {"w": [4.522993659584519, 4.522993659584519], "kind": "maximum", "value": 80.70658038767792, "sharpness": -388.6712572221534, "members": null}, {"w": [-5.528152530113669, -3.5178591381704405], "kind": "maximum", "value": 82.71687282029838, "sharpness": -386.62402087937954, "members": null}, {"w": [-5.528152530113669, 3.5178591381704405], "kind": "maximum", "value": 82.71687282029838, "sharpness": -386.62402087937954, "members": null}, {"w": [-3.517859138170441, 5.528152530113669], "kind": "maximum", "value": 82.71687282029838, "sharpness": -386.62402087937954, "members": null}, {"w": [3.5178591381704405, -5.528152530113669], "kind": "maximum", "value": 82.71687282029838, "sharpness": -386.62402087937954, "members": null}, {"w": [3.5178591381704405, 5.528152530113669], "kind": "maximum", "value": 82.71687282029838, "sharpness": -386.62402087937954, "members": null}, {"w": [5.528152530113669, -3.5178591381704405], "kind": "maximum", "value": 82.71687282029838, "sharpness": -386.62402087937954, "members": null}, {"w": [-6.533341636900525, -1.5076407318703584], "kind": "maximum", "value": 84.72737934983198, "sharpness": -384.15291171868313, "members": null}, {"w": [6.533341636900525, 2.512743318200085], "kind": "maximum", "value": 88.74776164253831, "sharpness": -384.15291171868313, "members": null}, {"w": [-5.528152530113669, -4.522993659584519], "kind": "maximum", "value": 90.75772203687694, "sharpness": -386.62402087937954, "members": null}, {"w": [-4.522993659584519, 5.528152530113669], "kind": "maximum", "value": 90.75772203687694, "sharpness": -386.62402087937954, "members": null}, {"w": [4.522993659584519, -5.528152530113669], "kind": "maximum", "value": 90.75772203687694, "sharpness": -386.62402087937954, "members": null}, {"w": [4.522993659584519, 5.52815253011367], "kind": "maximum", "value": 90.75772203687694, "sharpness": -386.62402087937903, "members": null}, {"w": [5.528152530113669, -4.522993659584519], "kind": "maximum", "value": 90.75772203687694, "sharpness": -386.62402087937954, "members": null}, {"w": [-4.522993659584519, 6.533341636900525], "kind": "maximum", "value": 102.81921065886502, "sharpness": -384.15291171868313, "members": null}],
  value(w) {
    const p0 = w[0];
    const p1 = w[1];
    const t0 = 2*Math.PI;
    return (p0*p0) + (p1*p1) - 10*Math.cos(p0*t0) - 10*Math.cos(p1*t0) + 20;
  },
  gradient(w, out) {
    const p0 = w[0];
    const p1 = w[1];
    const t0 = 2*p0;
    const t1 = 20*Math.PI;
    const t2 = 2*p1;
    out[0] = t0 + t1*Math.sin(Math.PI*t0);
    out[1] = t1*Math.sin(Math.PI*t2) + t2;
    return out;
  },
  gradients(n, x, y, gx, gy) {
    for (let i = 0; i < n; i += 1) {
      const p0 = x[i];
      const p1 = y[i];
      const t0 = 2*p0;
      const t1 = 20*Math.PI;
      const t2 = 2*p1;
      gx[i] = t0 + t1*Math.sin(Math.PI*t0);
      gy[i] = t1*Math.sin(Math.PI*t2) + t2;
    }
  },
  hessian(w, out) {
    const p0 = w[0];
    const p1 = w[1];
    const t0 = 2*Math.PI;
    const t1 = 40*(Math.PI*Math.PI);
    out[0] = t1*Math.cos(p0*t0) + 2;
    out[1] = 0;
    out[2] = 0;
    out[3] = t1*Math.cos(p1*t0) + 2;
    return out;
  },
  advance: [
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = 2*p0;
      const t1 = 20*Math.PI;
      const t2 = 2*p1;
      h0 = t0 + t1*Math.sin(Math.PI*t0);
      h1 = t1*Math.sin(Math.PI*t2) + t2;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = 2*p0;
      const t1 = 20*Math.PI;
      const t2 = 2*p1;
      h0 = t0 + t1*Math.sin(Math.PI*t0);
      h1 = t1*Math.sin(Math.PI*t2) + t2;
      }
      const g0 = h0, g1 = h1;
      const r = reach(1, rho, u, v, g0, g1);
      const a = u + r*along(1, u, g0), b = v + r*along(1, v, g1);
      {
      const p0 = a;
      const p1 = b;
      const t0 = 2*p0;
      const t1 = 20*Math.PI;
      const t2 = 2*p1;
      h0 = t0 + t1*Math.sin(Math.PI*t0);
      h1 = t1*Math.sin(Math.PI*t2) + t2;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = 2*p0;
      const t1 = 20*Math.PI;
      const t2 = 2*p1;
      h0 = t0 + t1*Math.sin(Math.PI*t0);
      h1 = t1*Math.sin(Math.PI*t2) + t2;
      }
      const g0 = h0, g1 = h1;
      const r = reach(2, rho, u, v, g0, g1);
      const a = u + r*along(2, u, g0), b = v + r*along(2, v, g1);
      {
      const p0 = a;
      const p1 = b;
      const t0 = 2*p0;
      const t1 = 20*Math.PI;
      const t2 = 2*p1;
      h0 = t0 + t1*Math.sin(Math.PI*t0);
      h1 = t1*Math.sin(Math.PI*t2) + t2;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = 2*p0;
      const t1 = 20*Math.PI;
      const t2 = 2*p1;
      h0 = t0 + t1*Math.sin(Math.PI*t0);
      h1 = t1*Math.sin(Math.PI*t2) + t2;
      }
      const g0 = h0, g1 = h1;
      const r = reach(3, rho, u, v, g0, g1);
      const a = u + r*along(3, u, g0), b = v + r*along(3, v, g1);
      {
      const p0 = a;
      const p1 = b;
      const t0 = 2*p0;
      const t1 = 20*Math.PI;
      const t2 = 2*p1;
      h0 = t0 + t1*Math.sin(Math.PI*t0);
      h1 = t1*Math.sin(Math.PI*t2) + t2;
      }
      const f = ratio(g0, g1, h0, h1);
      h0 *= f;
      h1 *= f;
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = 2*p0;
      const t1 = 20*Math.PI;
      const t2 = 2*p1;
      h0 = t0 + t1*Math.sin(Math.PI*t0);
      h1 = t1*Math.sin(Math.PI*t2) + t2;
      }
      const g0 = h0, g1 = h1;
      const r = reach(4, rho, u, v, g0, g1);
      const a = u + r*along(4, u, g0), b = v + r*along(4, v, g1);
      {
      const p0 = a;
      const p1 = b;
      const t0 = 2*p0;
      const t1 = 20*Math.PI;
      const t2 = 2*p1;
      h0 = t0 + t1*Math.sin(Math.PI*t0);
      h1 = t1*Math.sin(Math.PI*t2) + t2;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
  ],
  glsl: "float value(vec2 w) {\n  float p0 = w.x;\n  float p1 = w.y;\n  float t0 = 2.0*3.14159265358979;\n  return (p0*p0) + (p1*p1) - 10.0*cos(p0*t0) - 10.0*cos(p1*t0) + 20.0;\n}\nvec2 gradient(vec2 w) {\n  float p0 = w.x;\n  float p1 = w.y;\n  float t0 = 2.0*p0;\n  float t1 = 20.0*3.14159265358979;\n  float t2 = 2.0*p1;\n  return vec2(t0 + t1*sin(3.14159265358979*t0), t1*sin(3.14159265358979*t2) + t2);\n}\n",
},
"rosenbrock": {
  name: "rosenbrock",
  title: "Rosenbrock's banana",
  source: "Rosenbrock (1960)",
  variables: ["x", "y"],
  dimension: 2,
  domain: [[-2.0, 2.0], [-1.0, 3.0]],
  formula: "(1 - x)**2 + 100*(y - x**2)**2",
  criticalPoints: [{"w": [1.0, 1.0], "kind": "minimum", "value": 0.0, "sharpness": 1001.6006392325123, "members": null}],
  value(w) {
    const p0 = w[0];
    const p1 = w[1];
    return ((1 - p0)*(1 - p0)) + 100*((-(p0*p0) + p1)*(-(p0*p0) + p1));
  },
  gradient(w, out) {
    const p0 = w[0];
    const p1 = w[1];
    const t0 = (p0*p0);
    out[0] = -400*p0*(p1 - t0) + 2*p0 - 2;
    out[1] = 200*p1 - 200*t0;
    return out;
  },
  gradients(n, x, y, gx, gy) {
    for (let i = 0; i < n; i += 1) {
      const p0 = x[i];
      const p1 = y[i];
      const t0 = (p0*p0);
      gx[i] = -400*p0*(p1 - t0) + 2*p0 - 2;
      gy[i] = 200*p1 - 200*t0;
    }
  },
  hessian(w, out) {
    const p0 = w[0];
    const p1 = w[1];
    const t0 = -400*p0;
    out[0] = 1200*(p0*p0) - 400*p1 + 2;
    out[1] = t0;
    out[2] = t0;
    out[3] = 200;
    return out;
  },
  advance: [
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = (p0*p0);
      h0 = -400*p0*(p1 - t0) + 2*p0 - 2;
      h1 = 200*p1 - 200*t0;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = (p0*p0);
      h0 = -400*p0*(p1 - t0) + 2*p0 - 2;
      h1 = 200*p1 - 200*t0;
      }
      const g0 = h0, g1 = h1;
      const r = reach(1, rho, u, v, g0, g1);
      const a = u + r*along(1, u, g0), b = v + r*along(1, v, g1);
      {
      const p0 = a;
      const p1 = b;
      const t0 = (p0*p0);
      h0 = -400*p0*(p1 - t0) + 2*p0 - 2;
      h1 = 200*p1 - 200*t0;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = (p0*p0);
      h0 = -400*p0*(p1 - t0) + 2*p0 - 2;
      h1 = 200*p1 - 200*t0;
      }
      const g0 = h0, g1 = h1;
      const r = reach(2, rho, u, v, g0, g1);
      const a = u + r*along(2, u, g0), b = v + r*along(2, v, g1);
      {
      const p0 = a;
      const p1 = b;
      const t0 = (p0*p0);
      h0 = -400*p0*(p1 - t0) + 2*p0 - 2;
      h1 = 200*p1 - 200*t0;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = (p0*p0);
      h0 = -400*p0*(p1 - t0) + 2*p0 - 2;
      h1 = 200*p1 - 200*t0;
      }
      const g0 = h0, g1 = h1;
      const r = reach(3, rho, u, v, g0, g1);
      const a = u + r*along(3, u, g0), b = v + r*along(3, v, g1);
      {
      const p0 = a;
      const p1 = b;
      const t0 = (p0*p0);
      h0 = -400*p0*(p1 - t0) + 2*p0 - 2;
      h1 = 200*p1 - 200*t0;
      }
      const f = ratio(g0, g1, h0, h1);
      h0 *= f;
      h1 *= f;
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = (p0*p0);
      h0 = -400*p0*(p1 - t0) + 2*p0 - 2;
      h1 = 200*p1 - 200*t0;
      }
      const g0 = h0, g1 = h1;
      const r = reach(4, rho, u, v, g0, g1);
      const a = u + r*along(4, u, g0), b = v + r*along(4, v, g1);
      {
      const p0 = a;
      const p1 = b;
      const t0 = (p0*p0);
      h0 = -400*p0*(p1 - t0) + 2*p0 - 2;
      h1 = 200*p1 - 200*t0;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
  ],
  glsl: "float value(vec2 w) {\n  float p0 = w.x;\n  float p1 = w.y;\n  return ((1.0 - p0)*(1.0 - p0)) + 100.0*((-(p0*p0) + p1)*(-(p0*p0) + p1));\n}\nvec2 gradient(vec2 w) {\n  float p0 = w.x;\n  float p1 = w.y;\n  float t0 = (p0*p0);\n  return vec2(-400.0*p0*(p1 - t0) + 2.0*p0 - 2.0, 200.0*p1 - 200.0*t0);\n}\n",
},
"saddle": {
  name: "saddle",
  title: "Saddle x² - y²",
  source: "Kim et al. (2023), Section 4.2 and Figure 5",
  variables: ["x", "y"],
  dimension: 2,
  domain: [[-4.0, 4.0], [-4.0, 4.0]],
  formula: "x**2 - y**2",
  criticalPoints: [{"w": [0.0, 0.0], "kind": "saddle", "value": 0.0, "sharpness": 2.0, "members": null}],
  value(w) {
    const p0 = w[0];
    const p1 = w[1];
    return (p0*p0) - (p1*p1);
  },
  gradient(w, out) {
    const p0 = w[0];
    const p1 = w[1];
    out[0] = 2*p0;
    out[1] = -2*p1;
    return out;
  },
  gradients(n, x, y, gx, gy) {
    for (let i = 0; i < n; i += 1) {
      const p0 = x[i];
      const p1 = y[i];
      gx[i] = 2*p0;
      gy[i] = -2*p1;
    }
  },
  hessian(w, out) {
    out[0] = 2;
    out[1] = 0;
    out[2] = 0;
    out[3] = -2;
    return out;
  },
  advance: [
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      h0 = 2*p0;
      h1 = -2*p1;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      h0 = 2*p0;
      h1 = -2*p1;
      }
      const g0 = h0, g1 = h1;
      const r = reach(1, rho, u, v, g0, g1);
      const a = u + r*along(1, u, g0), b = v + r*along(1, v, g1);
      {
      const p0 = a;
      const p1 = b;
      h0 = 2*p0;
      h1 = -2*p1;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      h0 = 2*p0;
      h1 = -2*p1;
      }
      const g0 = h0, g1 = h1;
      const r = reach(2, rho, u, v, g0, g1);
      const a = u + r*along(2, u, g0), b = v + r*along(2, v, g1);
      {
      const p0 = a;
      const p1 = b;
      h0 = 2*p0;
      h1 = -2*p1;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      h0 = 2*p0;
      h1 = -2*p1;
      }
      const g0 = h0, g1 = h1;
      const r = reach(3, rho, u, v, g0, g1);
      const a = u + r*along(3, u, g0), b = v + r*along(3, v, g1);
      {
      const p0 = a;
      const p1 = b;
      h0 = 2*p0;
      h1 = -2*p1;
      }
      const f = ratio(g0, g1, h0, h1);
      h0 *= f;
      h1 *= f;
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      h0 = 2*p0;
      h1 = -2*p1;
      }
      const g0 = h0, g1 = h1;
      const r = reach(4, rho, u, v, g0, g1);
      const a = u + r*along(4, u, g0), b = v + r*along(4, v, g1);
      {
      const p0 = a;
      const p1 = b;
      h0 = 2*p0;
      h1 = -2*p1;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
  ],
  glsl: "float value(vec2 w) {\n  float p0 = w.x;\n  float p1 = w.y;\n  return (p0*p0) - (p1*p1);\n}\nvec2 gradient(vec2 w) {\n  float p0 = w.x;\n  float p1 = w.y;\n  return vec2(2.0*p0, -2.0*p1);\n}\n",
},
"sqrt_quadratic": {
  name: "sqrt_quadratic",
  title: "√(1 + x²)",
  source: "Charbonnier et al. (1994)",
  variables: ["x"],
  dimension: 1,
  domain: [[-5.0, 5.0]],
  formula: "sqrt(1 + x**2)",
  criticalPoints: [{"w": [0.0], "kind": "minimum", "value": 1.0, "sharpness": 1.0, "members": null}],
  value(w) {
    const p0 = w[0];
    return Math.sqrt((p0*p0) + 1);
  },
  gradient(w, out) {
    const p0 = w[0];
    out[0] = p0/Math.sqrt((p0*p0) + 1);
    return out;
  },
  gradients(n, x, y, gx, gy) {
    for (let i = 0; i < n; i += 1) {
      const p0 = x[i];
      gx[i] = p0/Math.sqrt((p0*p0) + 1);
    }
  },
  hessian(w, out) {
    const p0 = w[0];
    const t0 = (p0*p0);
    const t1 = t0 + 1;
    out[0] = -t0/Math.pow(t1, 3/2) + Math.pow(t1, -1/2);
    return out;
  },
  glsl: "float value(float w) {\n  float p0 = w;\n  return sqrt((p0*p0) + 1.0);\n}\nfloat gradient(float w) {\n  float p0 = w;\n  return p0/sqrt((p0*p0) + 1.0);\n}\n",
},
"styblinski_tang": {
  name: "styblinski_tang",
  title: "Styblinski-Tang function",
  source: "Styblinski and Tang (1990)",
  variables: ["x1", "x2"],
  dimension: 2,
  domain: [[-5.0, 5.0], [-5.0, 5.0]],
  formula: "(x1**4 - 16*x1**2 + 5*x1 + x2**4 - 16*x2**2 + 5*x2)/2",
  criticalPoints: [{"w": [-2.903534027771177, -2.903534027771177], "kind": "minimum", "value": -78.33233140754284, "sharpness": 34.583059102550685, "members": null}, {"w": [-2.903534027771177, 2.746802770990837], "kind": "minimum", "value": -64.19561235905536, "sharpness": 34.583059102550685, "members": null}, {"w": [2.746802770990837, -2.903534027771177], "kind": "minimum", "value": -64.19561235905536, "sharpness": 34.583059102550685, "members": null}, {"w": [2.746802770990837, 2.746802770990837], "kind": "minimum", "value": -50.05889331056789, "sharpness": 29.269552776337648, "members": null}, {"w": [-2.903534027771177, 0.15673125678034008], "kind": "saddle", "value": -38.97055334471606, "sharpness": 34.583059102550685, "members": null}, {"w": [2.746802770990837, 0.15673125678034008], "kind": "saddle", "value": -24.833834296228588, "sharpness": 29.269552776337648, "members": null}, {"w": [0.15673125678034008, -2.903534027771177], "kind": "saddle", "value": -38.97055334471606, "sharpness": 34.583059102550685, "members": null}, {"w": [0.15673125678034008, 2.746802770990837], "kind": "saddle", "value": -24.833834296228588, "sharpness": 29.269552776337648, "members": null}, {"w": [0.15673125678034008, 0.15673125678034008], "kind": "maximum", "value": 0.39122471811071613, "sharpness": -15.85261187888833, "members": null}],
  value(w) {
    const p0 = w[0];
    const p1 = w[1];
    return (1/2)*(p0*p0*p0*p0) - 8*(p0*p0) + (5/2)*p0 + (1/2)*(p1*p1*p1*p1) - 8*(p1*p1) + (5/2)*p1;
  },
  gradient(w, out) {
    const p0 = w[0];
    const p1 = w[1];
    out[0] = 2*(p0*p0*p0) - 16*p0 + 5/2;
    out[1] = 2*(p1*p1*p1) - 16*p1 + 5/2;
    return out;
  },
  gradients(n, x, y, gx, gy) {
    for (let i = 0; i < n; i += 1) {
      const p0 = x[i];
      const p1 = y[i];
      gx[i] = 2*(p0*p0*p0) - 16*p0 + 5/2;
      gy[i] = 2*(p1*p1*p1) - 16*p1 + 5/2;
    }
  },
  hessian(w, out) {
    const p0 = w[0];
    const p1 = w[1];
    out[0] = 6*(p0*p0) - 16;
    out[1] = 0;
    out[2] = 0;
    out[3] = 6*(p1*p1) - 16;
    return out;
  },
  advance: [
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      h0 = 2*(p0*p0*p0) - 16*p0 + 5/2;
      h1 = 2*(p1*p1*p1) - 16*p1 + 5/2;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      h0 = 2*(p0*p0*p0) - 16*p0 + 5/2;
      h1 = 2*(p1*p1*p1) - 16*p1 + 5/2;
      }
      const g0 = h0, g1 = h1;
      const r = reach(1, rho, u, v, g0, g1);
      const a = u + r*along(1, u, g0), b = v + r*along(1, v, g1);
      {
      const p0 = a;
      const p1 = b;
      h0 = 2*(p0*p0*p0) - 16*p0 + 5/2;
      h1 = 2*(p1*p1*p1) - 16*p1 + 5/2;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      h0 = 2*(p0*p0*p0) - 16*p0 + 5/2;
      h1 = 2*(p1*p1*p1) - 16*p1 + 5/2;
      }
      const g0 = h0, g1 = h1;
      const r = reach(2, rho, u, v, g0, g1);
      const a = u + r*along(2, u, g0), b = v + r*along(2, v, g1);
      {
      const p0 = a;
      const p1 = b;
      h0 = 2*(p0*p0*p0) - 16*p0 + 5/2;
      h1 = 2*(p1*p1*p1) - 16*p1 + 5/2;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      h0 = 2*(p0*p0*p0) - 16*p0 + 5/2;
      h1 = 2*(p1*p1*p1) - 16*p1 + 5/2;
      }
      const g0 = h0, g1 = h1;
      const r = reach(3, rho, u, v, g0, g1);
      const a = u + r*along(3, u, g0), b = v + r*along(3, v, g1);
      {
      const p0 = a;
      const p1 = b;
      h0 = 2*(p0*p0*p0) - 16*p0 + 5/2;
      h1 = 2*(p1*p1*p1) - 16*p1 + 5/2;
      }
      const f = ratio(g0, g1, h0, h1);
      h0 *= f;
      h1 *= f;
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      h0 = 2*(p0*p0*p0) - 16*p0 + 5/2;
      h1 = 2*(p1*p1*p1) - 16*p1 + 5/2;
      }
      const g0 = h0, g1 = h1;
      const r = reach(4, rho, u, v, g0, g1);
      const a = u + r*along(4, u, g0), b = v + r*along(4, v, g1);
      {
      const p0 = a;
      const p1 = b;
      h0 = 2*(p0*p0*p0) - 16*p0 + 5/2;
      h1 = 2*(p1*p1*p1) - 16*p1 + 5/2;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
  ],
  glsl: "float value(vec2 w) {\n  float p0 = w.x;\n  float p1 = w.y;\n  return (1.0/2.0)*(p0*p0*p0*p0) - 8.0*(p0*p0) + (5.0/2.0)*p0 + (1.0/2.0)*(p1*p1*p1*p1) - 8.0*(p1*p1) + (5.0/2.0)*p1;\n}\nvec2 gradient(vec2 w) {\n  float p0 = w.x;\n  float p1 = w.y;\n  return vec2(2.0*(p0*p0*p0) - 16.0*p0 + 5.0/2.0, 2.0*(p1*p1*p1) - 16.0*p1 + 5.0/2.0);\n}\n",
},
"tanh_tanh": {
  name: "tanh_tanh",
  title: "Tanh-tanh valley",
  source: "Zhou et al. (2025), Example 4.1 and Figure 4",
  variables: ["u", "v"],
  dimension: 2,
  domain: [[-3.0, 3.0], [-3.0, 3.0]],
  formula: "tanh(v*tanh(u))**2/2",
  criticalPoints: [{"w": [0.0297029702970297, 0.0], "kind": "minimum", "value": 0.0, "sharpness": 0.0008817477744002622, "members": [[0.0297029702970297, 0.0], [0.0594059405940594, 0.0], [0.0891089108910891, 0.0], [0.1188118811881188, 0.0], [0.1485148514851485, 0.0], [0.1782178217821782, 0.0], [0.2079207920792079, 0.0], [0.2376237623762376, 0.0], [0.26732673267326734, 0.0], [0.297029702970297, 0.0], [0.3267326732673267, 0.0], [0.3564356435643564, 0.0], [0.38613861386138615, 0.0], [0.4158415841584158, 0.0], [0.4455445544554455, 0.0], [0.4752475247524752, 0.0], [0.504950495049505, 0.0], [0.5346534653465347, 0.0], [0.5643564356435643, 0.0], [0.594059405940594, 0.0], [0.6237623762376238, 0.0], [0.6534653465346534, 0.0], [0.6831683168316831, 0.0], [0.7128712871287128, 0.0], [0.7425742574257426, 0.0], [0.7722772277227723, 0.0], [0.8019801980198019, 0.0], [0.8316831683168316, 0.0], [0.8613861386138614, 0.0], [0.891089108910891, 0.0], [0.9207920792079207, 0.0], [0.9504950495049505, 0.0], [0.9801980198019802, 0.0], [1.00990099009901, 0.0], [1.0396039603960396, 0.0], [1.0693069306930694, 0.0], [1.0990099009900989, 0.0], [1.1287128712871286, 0.0], [1.1584158415841583, 0.0], [1.188118811881188, 0.0], [1.2178217821782178, 0.0], [1.2475247524752475, 0.0], [1.2772277227722773, 0.0], [1.3069306930693068, 0.0], [1.3366336633663365, 0.0], [1.3663366336633662, 0.0], [1.396039603960396, 0.0], [1.4257425742574257, 0.0], [1.4554455445544554, 0.0], [1.4851485148514851, 0.0], [1.5148514851485149, 0.0], [1.5445544554455446, 0.0], [1.574257425742574, 0.0], [1.6039603960396038, 0.0], [1.6336633663366336, 0.0], [1.6633663366336633, 0.0], [1.693069306930693, 0.0], [1.7227722772277227, 0.0], [1.7524752475247525, 0.0], [1.782178217821782, 0.0], [1.8118811881188117, 0.0], [1.8415841584158414, 0.0], [1.8712871287128712, 0.0], [1.900990099009901, 0.0], [1.9306930693069306, 0.0], [1.9603960396039604, 0.0], [1.99009900990099, 0.0], [2.01980198019802, 0.0], [2.0495049504950495, 0.0], [2.0792079207920793, 0.0], [2.108910891089109, 0.0], [2.1386138613861387, 0.0], [2.168316831683168, 0.0], [2.1980198019801978, 0.0], [2.2277227722772275, 0.0], [2.257425742574257, 0.0], [2.287128712871287, 0.0], [2.3168316831683167, 0.0], [2.3465346534653464, 0.0], [2.376237623762376, 0.0], [2.405940594059406, 0.0], [2.4356435643564356, 0.0], [2.4653465346534653, 0.0], [2.495049504950495, 0.0], [2.5247524752475248, 0.0], [2.5544554455445545, 0.0], [2.5841584158415842, 0.0], [2.6138613861386135, 0.0], [2.6435643564356432, 0.0], [2.673267326732673, 0.0], [2.7029702970297027, 0.0], [2.7326732673267324, 0.0], [2.762376237623762, 0.0], [2.792079207920792, 0.0], [2.8217821782178216, 0.0], [2.8514851485148514, 0.0], [2.881188118811881, 0.0], [2.910891089108911, 0.0], [2.9405940594059405, 0.0], [2.9702970297029703, 0.0], [3.0, 0.0]]}, {"w": [-0.02970297029702973, 0.0], "kind": "minimum", "value": 0.0, "sharpness": 0.0008817477744002639, "members": [[-0.02970297029702973, 0.0], [-0.05940594059405946, 0.0], [-0.08910891089108919, 0.0], [-0.11881188118811892, 0.0], [-0.14851485148514865, 0.0], [-0.17821782178217838, 0.0], [-0.2079207920792081, 0.0], [-0.23762376237623783, 0.0], [-0.26732673267326756, 0.0], [-0.2970297029702973, 0.0], [-0.326732673267327, 0.0], [-0.35643564356435675, 0.0], [-0.3861386138613865, 0.0], [-0.4158415841584162, 0.0], [-0.44554455445544594, 0.0], [-0.47524752475247567, 0.0], [-0.5049504950495054, 0.0], [-0.5346534653465351, 0.0], [-0.5643564356435649, 0.0], [-0.5940594059405946, 0.0], [-0.6237623762376243, 0.0], [-0.653465346534654, 0.0], [-0.6831683168316838, 0.0], [-0.7128712871287135, 0.0], [-0.7425742574257432, 0.0], [-0.772277227722773, 0.0], [-0.8019801980198018, 0.0], [-0.8316831683168315, 0.0], [-0.8613861386138613, 0.0], [-0.891089108910891, 0.0], [-0.9207920792079207, 0.0], [-0.9504950495049505, 0.0], [-0.9801980198019802, 0.0], [-1.00990099009901, 0.0], [-1.0396039603960396, 0.0], [-1.0693069306930694, 0.0], [-1.099009900990099, 0.0], [-1.1287128712871288, 0.0], [-1.1584158415841586, 0.0], [-1.1881188118811883, 0.0], [-1.217821782178218, 0.0], [-1.2475247524752477, 0.0], [-1.2772277227722775, 0.0], [-1.3069306930693072, 0.0], [-1.336633663366337, 0.0], [-1.3663366336633667, 0.0], [-1.3960396039603964, 0.0], [-1.4257425742574261, 0.0], [-1.4554455445544559, 0.0], [-1.4851485148514856, 0.0], [-1.5148514851485153, 0.0], [-1.544554455445545, 0.0], [-1.5742574257425748, 0.0], [-1.6039603960396045, 0.0], [-1.6336633663366342, 0.0], [-1.663366336633664, 0.0], [-1.6930693069306937, 0.0], [-1.7227722772277225, 0.0], [-1.7524752475247523, 0.0], [-1.782178217821782, 0.0], [-1.8118811881188117, 0.0], [-1.8415841584158414, 0.0], [-1.8712871287128712, 0.0], [-1.900990099009901, 0.0], [-1.9306930693069306, 0.0], [-1.9603960396039604, 0.0], [-1.99009900990099, 0.0], [-2.01980198019802, 0.0], [-2.0495049504950495, 0.0], [-2.0792079207920793, 0.0], [-2.108910891089109, 0.0], [-2.1386138613861387, 0.0], [-2.1683168316831685, 0.0], [-2.198019801980198, 0.0], [-2.227722772277228, 0.0], [-2.2574257425742577, 0.0], [-2.2871287128712874, 0.0], [-2.316831683168317, 0.0], [-2.346534653465347, 0.0], [-2.3762376237623766, 0.0], [-2.4059405940594063, 0.0], [-2.435643564356436, 0.0], [-2.4653465346534653, 0.0], [-2.495049504950495, 0.0], [-2.5247524752475248, 0.0], [-2.5544554455445545, 0.0], [-2.5841584158415842, 0.0], [-2.613861386138614, 0.0], [-2.6435643564356437, 0.0], [-2.6732673267326734, 0.0], [-2.702970297029703, 0.0], [-2.732673267326733, 0.0], [-2.7623762376237626, 0.0], [-2.7920792079207923, 0.0], [-2.821782178217822, 0.0], [-2.851485148514852, 0.0], [-2.8811881188118815, 0.0], [-2.910891089108911, 0.0], [-2.9405940594059405, 0.0], [-2.9702970297029703, 0.0], [-3.0, 0.0]]}, {"w": [0.0, 0.0297029702970297], "kind": "minimum", "value": 0.0, "sharpness": 0.0008822664444662287, "members": [[0.0, 0.0297029702970297], [0.0, 0.0594059405940594], [0.0, 0.0891089108910891], [0.0, 0.1188118811881188], [0.0, 0.1485148514851485], [0.0, 0.1782178217821782], [0.0, 0.2079207920792079], [0.0, 0.2376237623762376], [0.0, 0.26732673267326734], [0.0, 0.297029702970297], [0.0, 0.3267326732673267], [0.0, 0.3564356435643564], [0.0, 0.38613861386138615], [0.0, 0.4158415841584158], [0.0, 0.4455445544554455], [0.0, 0.4752475247524752], [0.0, 0.504950495049505], [0.0, 0.5346534653465347], [0.0, 0.5643564356435643], [0.0, 0.594059405940594], [0.0, 0.6237623762376238], [0.0, 0.6534653465346534], [0.0, 0.6831683168316831], [0.0, 0.7128712871287128], [0.0, 0.7425742574257426], [0.0, 0.7722772277227723], [0.0, 0.8019801980198019], [0.0, 0.8316831683168316], [0.0, 0.8613861386138614], [0.0, 0.891089108910891], [0.0, 0.9207920792079207], [0.0, 0.9504950495049505], [0.0, 0.9801980198019802], [0.0, 1.00990099009901], [0.0, 1.0396039603960396], [0.0, 1.0693069306930694], [0.0, 1.0990099009900989], [0.0, 1.1287128712871286], [0.0, 1.1584158415841583], [0.0, 1.188118811881188], [0.0, 1.2178217821782178], [0.0, 1.2475247524752475], [0.0, 1.2772277227722773], [0.0, 1.3069306930693068], [0.0, 1.3366336633663365], [0.0, 1.3663366336633662], [0.0, 1.396039603960396], [0.0, 1.4257425742574257], [0.0, 1.4554455445544554], [0.0, 1.4851485148514851], [0.0, 1.5148514851485149], [0.0, 1.5445544554455446], [0.0, 1.574257425742574], [0.0, 1.6039603960396038], [0.0, 1.6336633663366336], [0.0, 1.6633663366336633], [0.0, 1.693069306930693], [0.0, 1.7227722772277227], [0.0, 1.7524752475247525], [0.0, 1.782178217821782], [0.0, 1.8118811881188117], [0.0, 1.8415841584158414], [0.0, 1.8712871287128712], [0.0, 1.900990099009901], [0.0, 1.9306930693069306], [0.0, 1.9603960396039604], [0.0, 1.99009900990099], [0.0, 2.01980198019802], [0.0, 2.0495049504950495], [0.0, 2.0792079207920793], [0.0, 2.108910891089109], [0.0, 2.1386138613861387], [0.0, 2.168316831683168], [0.0, 2.1980198019801978], [0.0, 2.2277227722772275], [0.0, 2.257425742574257], [0.0, 2.287128712871287], [0.0, 2.3168316831683167], [0.0, 2.3465346534653464], [0.0, 2.376237623762376], [0.0, 2.405940594059406], [0.0, 2.4356435643564356], [0.0, 2.4653465346534653], [0.0, 2.495049504950495], [0.0, 2.5247524752475248], [0.0, 2.5544554455445545], [0.0, 2.5841584158415842], [0.0, 2.6138613861386135], [0.0, 2.6435643564356432], [0.0, 2.673267326732673], [0.0, 2.7029702970297027], [0.0, 2.7326732673267324], [0.0, 2.762376237623762], [0.0, 2.792079207920792], [0.0, 2.8217821782178216], [0.0, 2.8514851485148514], [0.0, 2.881188118811881], [0.0, 2.910891089108911], [0.0, 2.9405940594059405], [0.0, 2.9702970297029703], [0.0, 3.0]]}, {"w": [0.0, -0.02970297029702973], "kind": "minimum", "value": 0.0, "sharpness": 0.0008822664444662304, "members": [[0.0, -0.02970297029702973], [0.0, -0.05940594059405946], [0.0, -0.08910891089108919], [0.0, -0.11881188118811892], [0.0, -0.14851485148514865], [0.0, -0.17821782178217838], [0.0, -0.2079207920792081], [0.0, -0.23762376237623783], [0.0, -0.26732673267326756], [0.0, -0.2970297029702973], [0.0, -0.326732673267327], [0.0, -0.35643564356435675], [0.0, -0.3861386138613865], [0.0, -0.4158415841584162], [0.0, -0.44554455445544594], [0.0, -0.47524752475247567], [0.0, -0.5049504950495054], [0.0, -0.5346534653465351], [0.0, -0.5643564356435649], [0.0, -0.5940594059405946], [0.0, -0.6237623762376243], [0.0, -0.653465346534654], [0.0, -0.6831683168316838], [0.0, -0.7128712871287135], [0.0, -0.7425742574257432], [0.0, -0.772277227722773], [0.0, -0.8019801980198018], [0.0, -0.8316831683168315], [0.0, -0.8613861386138613], [0.0, -0.891089108910891], [0.0, -0.9207920792079207], [0.0, -0.9504950495049505], [0.0, -0.9801980198019802], [0.0, -1.00990099009901], [0.0, -1.0396039603960396], [0.0, -1.0693069306930694], [0.0, -1.099009900990099], [0.0, -1.1287128712871288], [0.0, -1.1584158415841586], [0.0, -1.1881188118811883], [0.0, -1.217821782178218], [0.0, -1.2475247524752477], [0.0, -1.2772277227722775], [0.0, -1.3069306930693072], [0.0, -1.336633663366337], [0.0, -1.3663366336633667], [0.0, -1.3960396039603964], [0.0, -1.4257425742574261], [0.0, -1.4554455445544559], [0.0, -1.4851485148514856], [0.0, -1.5148514851485153], [0.0, -1.544554455445545], [0.0, -1.5742574257425748], [0.0, -1.6039603960396045], [0.0, -1.6336633663366342], [0.0, -1.663366336633664], [0.0, -1.6930693069306937], [0.0, -1.7227722772277225], [0.0, -1.7524752475247523], [0.0, -1.782178217821782], [0.0, -1.8118811881188117], [0.0, -1.8415841584158414], [0.0, -1.8712871287128712], [0.0, -1.900990099009901], [0.0, -1.9306930693069306], [0.0, -1.9603960396039604], [0.0, -1.99009900990099], [0.0, -2.01980198019802], [0.0, -2.0495049504950495], [0.0, -2.0792079207920793], [0.0, -2.108910891089109], [0.0, -2.1386138613861387], [0.0, -2.1683168316831685], [0.0, -2.198019801980198], [0.0, -2.227722772277228], [0.0, -2.2574257425742577], [0.0, -2.2871287128712874], [0.0, -2.316831683168317], [0.0, -2.346534653465347], [0.0, -2.3762376237623766], [0.0, -2.4059405940594063], [0.0, -2.435643564356436], [0.0, -2.4653465346534653], [0.0, -2.495049504950495], [0.0, -2.5247524752475248], [0.0, -2.5544554455445545], [0.0, -2.5841584158415842], [0.0, -2.613861386138614], [0.0, -2.6435643564356437], [0.0, -2.6732673267326734], [0.0, -2.702970297029703], [0.0, -2.732673267326733], [0.0, -2.7623762376237626], [0.0, -2.7920792079207923], [0.0, -2.821782178217822], [0.0, -2.851485148514852], [0.0, -2.8811881188118815], [0.0, -2.910891089108911], [0.0, -2.9405940594059405], [0.0, -2.9702970297029703], [0.0, -3.0]]}, {"w": [0.0, 0.0], "kind": "degenerate", "value": 0.0, "sharpness": 0.0, "members": null}],
  value(w) {
    const p0 = w[0];
    const p1 = w[1];
    return (1/2)*(Math.tanh(p1*Math.tanh(p0))*Math.tanh(p1*Math.tanh(p0)));
  },
  gradient(w, out) {
    const p0 = w[0];
    const p1 = w[1];
    const t0 = Math.tanh(p0);
    const t1 = Math.tanh(p1*t0);
    const t2 = t1*(1 - (t1*t1));
    out[0] = p1*t2*(1 - (t0*t0));
    out[1] = t0*t2;
    return out;
  },
  gradients(n, x, y, gx, gy) {
    for (let i = 0; i < n; i += 1) {
      const p0 = x[i];
      const p1 = y[i];
      const t0 = Math.tanh(p0);
      const t1 = Math.tanh(p1*t0);
      const t2 = t1*(1 - (t1*t1));
      gx[i] = p1*t2*(1 - (t0*t0));
      gy[i] = t0*t2;
    }
  },
  hessian(w, out) {
    const p0 = w[0];
    const p1 = w[1];
    const t0 = (p1*p1);
    const t1 = Math.tanh(p0);
    const t2 = (t1*t1);
    const t3 = 1 - t2;
    const t4 = (t3*t3);
    const t5 = p1*t1;
    const t6 = Math.tanh(t5);
    const t7 = (t6*t6);
    const t8 = 1 - t7;
    const t9 = (t8*t8);
    const t10 = 2*t2;
    const t11 = t6*t8;
    const t12 = t7*t8;
    const t13 = 2*t12;
    const t14 = t3*t5;
    const t15 = t11*t3 - t13*t14 + t14*t9;
    out[0] = -t0*t13*t4 + t0*t4*t9 - t11*t5*(2 - t10);
    out[1] = t15;
    out[2] = t15;
    out[3] = -t10*t12 + t2*t9;
    return out;
  },
  advance: [
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = Math.tanh(p0);
      const t1 = Math.tanh(p1*t0);
      const t2 = t1*(1 - (t1*t1));
      h0 = p1*t2*(1 - (t0*t0));
      h1 = t0*t2;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = Math.tanh(p0);
      const t1 = Math.tanh(p1*t0);
      const t2 = t1*(1 - (t1*t1));
      h0 = p1*t2*(1 - (t0*t0));
      h1 = t0*t2;
      }
      const g0 = h0, g1 = h1;
      const r = reach(1, rho, u, v, g0, g1);
      const a = u + r*along(1, u, g0), b = v + r*along(1, v, g1);
      {
      const p0 = a;
      const p1 = b;
      const t0 = Math.tanh(p0);
      const t1 = Math.tanh(p1*t0);
      const t2 = t1*(1 - (t1*t1));
      h0 = p1*t2*(1 - (t0*t0));
      h1 = t0*t2;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = Math.tanh(p0);
      const t1 = Math.tanh(p1*t0);
      const t2 = t1*(1 - (t1*t1));
      h0 = p1*t2*(1 - (t0*t0));
      h1 = t0*t2;
      }
      const g0 = h0, g1 = h1;
      const r = reach(2, rho, u, v, g0, g1);
      const a = u + r*along(2, u, g0), b = v + r*along(2, v, g1);
      {
      const p0 = a;
      const p1 = b;
      const t0 = Math.tanh(p0);
      const t1 = Math.tanh(p1*t0);
      const t2 = t1*(1 - (t1*t1));
      h0 = p1*t2*(1 - (t0*t0));
      h1 = t0*t2;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = Math.tanh(p0);
      const t1 = Math.tanh(p1*t0);
      const t2 = t1*(1 - (t1*t1));
      h0 = p1*t2*(1 - (t0*t0));
      h1 = t0*t2;
      }
      const g0 = h0, g1 = h1;
      const r = reach(3, rho, u, v, g0, g1);
      const a = u + r*along(3, u, g0), b = v + r*along(3, v, g1);
      {
      const p0 = a;
      const p1 = b;
      const t0 = Math.tanh(p0);
      const t1 = Math.tanh(p1*t0);
      const t2 = t1*(1 - (t1*t1));
      h0 = p1*t2*(1 - (t0*t0));
      h1 = t0*t2;
      }
      const f = ratio(g0, g1, h0, h1);
      h0 *= f;
      h1 *= f;
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = Math.tanh(p0);
      const t1 = Math.tanh(p1*t0);
      const t2 = t1*(1 - (t1*t1));
      h0 = p1*t2*(1 - (t0*t0));
      h1 = t0*t2;
      }
      const g0 = h0, g1 = h1;
      const r = reach(4, rho, u, v, g0, g1);
      const a = u + r*along(4, u, g0), b = v + r*along(4, v, g1);
      {
      const p0 = a;
      const p1 = b;
      const t0 = Math.tanh(p0);
      const t1 = Math.tanh(p1*t0);
      const t2 = t1*(1 - (t1*t1));
      h0 = p1*t2*(1 - (t0*t0));
      h1 = t0*t2;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
  ],
  glsl: "float boundedTanh(float x) { return tanh(clamp(x, -20.0, 20.0)); }\nfloat value(vec2 w) {\n  float p0 = w.x;\n  float p1 = w.y;\n  return (1.0/2.0)*(boundedTanh(p1*boundedTanh(p0))*boundedTanh(p1*boundedTanh(p0)));\n}\nvec2 gradient(vec2 w) {\n  float p0 = w.x;\n  float p1 = w.y;\n  float t0 = boundedTanh(p0);\n  float t1 = boundedTanh(p1*t0);\n  float t2 = t1*(1.0 - (t1*t1));\n  return vec2(p1*t2*(1.0 - (t0*t0)), t0*t2);\n}\n",
},
"three_hump_camel": {
  name: "three_hump_camel",
  title: "Three-hump camel",
  source: "Branin (1972)",
  variables: ["x", "y"],
  dimension: 2,
  domain: [[-2.5, 2.5], [-2.5, 2.5]],
  formula: "2*x**2 - 1.05*x**4 + x**6/6 + x*y + y**2",
  criticalPoints: [{"w": [0.0, 0.0], "kind": "minimum", "value": 0.0, "sharpness": 4.414213562373095, "members": null}, {"w": [1.747552345830289, -0.8737761729151445], "kind": "minimum", "value": 0.29863844223685954, "sharpness": 12.250644136909541, "members": null}, {"w": [-1.747552345830289, 0.8737761729151445], "kind": "minimum", "value": 0.29863844223685954, "sharpness": 12.250644136909541, "members": null}, {"w": [1.07054229182366, -0.53527114591183], "kind": "saddle", "value": 0.87736155776314, "sharpness": 2.1655988803326287, "members": null}, {"w": [-1.07054229182366, 0.53527114591183], "kind": "saddle", "value": 0.87736155776314, "sharpness": 2.1655988803326287, "members": null}],
  value(w) {
    const p0 = w[0];
    const p1 = w[1];
    return (1/6)*(p0*p0*p0*p0*p0*p0) - 21/20*(p0*p0*p0*p0) + 2*(p0*p0) + p0*p1 + (p1*p1);
  },
  gradient(w, out) {
    const p0 = w[0];
    const p1 = w[1];
    out[0] = (p0*p0*p0*p0*p0) - 21/5*(p0*p0*p0) + 4*p0 + p1;
    out[1] = p0 + 2*p1;
    return out;
  },
  gradients(n, x, y, gx, gy) {
    for (let i = 0; i < n; i += 1) {
      const p0 = x[i];
      const p1 = y[i];
      gx[i] = (p0*p0*p0*p0*p0) - 21/5*(p0*p0*p0) + 4*p0 + p1;
      gy[i] = p0 + 2*p1;
    }
  },
  hessian(w, out) {
    const p0 = w[0];
    out[0] = 5*(p0*p0*p0*p0) - 63/5*(p0*p0) + 4;
    out[1] = 1;
    out[2] = 1;
    out[3] = 2;
    return out;
  },
  advance: [
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      h0 = (p0*p0*p0*p0*p0) - 21/5*(p0*p0*p0) + 4*p0 + p1;
      h1 = p0 + 2*p1;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      h0 = (p0*p0*p0*p0*p0) - 21/5*(p0*p0*p0) + 4*p0 + p1;
      h1 = p0 + 2*p1;
      }
      const g0 = h0, g1 = h1;
      const r = reach(1, rho, u, v, g0, g1);
      const a = u + r*along(1, u, g0), b = v + r*along(1, v, g1);
      {
      const p0 = a;
      const p1 = b;
      h0 = (p0*p0*p0*p0*p0) - 21/5*(p0*p0*p0) + 4*p0 + p1;
      h1 = p0 + 2*p1;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      h0 = (p0*p0*p0*p0*p0) - 21/5*(p0*p0*p0) + 4*p0 + p1;
      h1 = p0 + 2*p1;
      }
      const g0 = h0, g1 = h1;
      const r = reach(2, rho, u, v, g0, g1);
      const a = u + r*along(2, u, g0), b = v + r*along(2, v, g1);
      {
      const p0 = a;
      const p1 = b;
      h0 = (p0*p0*p0*p0*p0) - 21/5*(p0*p0*p0) + 4*p0 + p1;
      h1 = p0 + 2*p1;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      h0 = (p0*p0*p0*p0*p0) - 21/5*(p0*p0*p0) + 4*p0 + p1;
      h1 = p0 + 2*p1;
      }
      const g0 = h0, g1 = h1;
      const r = reach(3, rho, u, v, g0, g1);
      const a = u + r*along(3, u, g0), b = v + r*along(3, v, g1);
      {
      const p0 = a;
      const p1 = b;
      h0 = (p0*p0*p0*p0*p0) - 21/5*(p0*p0*p0) + 4*p0 + p1;
      h1 = p0 + 2*p1;
      }
      const f = ratio(g0, g1, h0, h1);
      h0 *= f;
      h1 *= f;
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      h0 = (p0*p0*p0*p0*p0) - 21/5*(p0*p0*p0) + 4*p0 + p1;
      h1 = p0 + 2*p1;
      }
      const g0 = h0, g1 = h1;
      const r = reach(4, rho, u, v, g0, g1);
      const a = u + r*along(4, u, g0), b = v + r*along(4, v, g1);
      {
      const p0 = a;
      const p1 = b;
      h0 = (p0*p0*p0*p0*p0) - 21/5*(p0*p0*p0) + 4*p0 + p1;
      h1 = p0 + 2*p1;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
  ],
  glsl: "float value(vec2 w) {\n  float p0 = w.x;\n  float p1 = w.y;\n  return (1.0/6.0)*(p0*p0*p0*p0*p0*p0) - 21.0/20.0*(p0*p0*p0*p0) + 2.0*(p0*p0) + p0*p1 + (p1*p1);\n}\nvec2 gradient(vec2 w) {\n  float p0 = w.x;\n  float p1 = w.y;\n  return vec2((p0*p0*p0*p0*p0) - 21.0/5.0*(p0*p0*p0) + 4.0*p0 + p1, p0 + 2.0*p1);\n}\n",
},
"uv": {
  name: "uv",
  title: "Product of two weights, u v = 1",
  source: "Woodworth et al. (2020); Andriushchenko and Flammarion (2022), Section 4.2",
  variables: ["u", "v"],
  dimension: 2,
  domain: [[-3.0, 3.0], [-3.0, 3.0]],
  formula: "(u*v - 1)**2/2",
  criticalPoints: [{"w": [1.00990099009901, 0.9901960784313726], "kind": "minimum", "value": 9.628594818615502e-34, "sharpness": 2.0003882835438294, "members": [[1.00990099009901, 0.9901960784313726], [0.9801980198019802, 1.02020202020202], [1.0396039603960396, 0.9619047619047618], [0.9504950495049505, 1.0520833333333335], [1.0693069306930694, 0.9351851851851851], [0.9207920792079207, 1.0860215053763442], [1.0990099009900989, 0.90990990990991], [0.891089108910891, 1.1222222222222225], [1.1287128712871286, 0.8859649122807018], [1.1584158415841583, 0.8632478632478633], [0.8613861386138614, 1.160919540229885], [1.188118811881188, 0.8416666666666667], [0.8316831683168316, 1.2023809523809523], [1.2178217821782178, 0.8211382113821138], [0.8019801980198019, 1.2469135802469138], [1.2475247524752475, 0.8015873015873016], [1.2772277227722773, 0.7829457364341085], [0.7722772277227723, 1.294871794871795], [1.3069306930693068, 0.7651515151515152], [1.3366336633663365, 0.7481481481481482], [0.7425742574257426, 1.3466666666666667], [1.3663366336633662, 0.7318840579710145], [1.396039603960396, 0.7163120567375887], [0.7128712871287128, 1.402777777777778], [1.4257425742574257, 0.701388888888889], [1.4554455445544554, 0.6870748299319728], [0.6831683168316831, 1.463768115942029], [1.4851485148514851, 0.6733333333333333], [1.5148514851485149, 0.6601307189542484], [0.6534653465346534, 1.5303030303030305], [1.5445544554455446, 0.6474358974358975], [1.574257425742574, 0.6352201257861636], [0.6237623762376238, 1.6031746031746033], [1.6039603960396038, 0.6234567901234569], [1.6336633663366336, 0.6121212121212122], [1.6633663366336633, 0.6011904761904762], [0.594059405940594, 1.6833333333333333], [1.693069306930693, 0.5906432748538012], [1.7227722772277227, 0.5804597701149425], [1.7524752475247525, 0.5706214689265536], [0.5643564356435643, 1.7719298245614037], [1.782178217821782, 0.5611111111111112], [1.8118811881188117, 0.551912568306011], [1.8415841584158414, 0.5430107526881721], [0.5346534653465347, 1.8703703703703702], [1.8712871287128712, 0.5343915343915344], [1.900990099009901, 0.5260416666666667], [1.9306930693069306, 0.517948717948718], [1.9603960396039604, 0.51010101010101], [0.504950495049505, 1.9803921568627452], [1.99009900990099, 0.5024875621890548], [2.01980198019802, 0.4950980392156863], [2.0495049504950495, 0.48792270531400966], [2.0792079207920793, 0.4809523809523809], [0.4752475247524752, 2.104166666666667], [2.108910891089109, 0.4741784037558685], [2.1386138613861387, 0.46759259259259256], [2.168316831683168, 0.46118721461187223], [2.1980198019801978, 0.454954954954955], [2.2277227722772275, 0.44888888888888895], [0.4455445544554455, 2.244444444444445], [2.257425742574257, 0.4429824561403509], [2.287128712871287, 0.43722943722943725], [2.3168316831683167, 0.43162393162393164], [2.3465346534653464, 0.42616033755274263], [2.376237623762376, 0.42083333333333334], [0.4158415841584158, 2.4047619047619047], [2.405940594059406, 0.4156378600823045], [2.4356435643564356, 0.4105691056910569], [2.4653465346534653, 0.40562248995983935], [2.495049504950495, 0.4007936507936508], [2.5247524752475248, 0.396078431372549], [2.5544554455445545, 0.39147286821705424], [2.5841584158415842, 0.38697318007662834], [0.38613861386138615, 2.58974358974359], [2.6138613861386135, 0.3825757575757576], [2.6435643564356432, 0.37827715355805247], [2.673267326732673, 0.3740740740740741], [2.7029702970297027, 0.36996336996337], [2.7326732673267324, 0.36594202898550726], [2.762376237623762, 0.3620071684587814], [2.792079207920792, 0.35815602836879434], [0.3564356435643564, 2.805555555555556], [2.8217821782178216, 0.35438596491228075], [2.8514851485148514, 0.3506944444444445], [2.881188118811881, 0.3470790378006873], [2.910891089108911, 0.3435374149659864], [2.9405940594059405, 0.3400673400673401], [2.9702970297029703, 0.33666666666666667], [3.0, 0.3333333333333333]]}, {"w": [-1.00990099009901, -0.9901960784313726], "kind": "minimum", "value": 9.628594818615502e-34, "sharpness": 2.0003882835438294, "members": [[-1.00990099009901, -0.9901960784313726], [-0.9801980198019802, -1.02020202020202], [-1.0396039603960396, -0.9619047619047618], [-0.9504950495049505, -1.0520833333333335], [-1.0693069306930694, -0.9351851851851851], [-0.9207920792079207, -1.0860215053763442], [-1.099009900990099, -0.9099099099099098], [-0.891089108910891, -1.1222222222222225], [-1.1287128712871288, -0.8859649122807016], [-1.1584158415841586, -0.8632478632478632], [-0.8613861386138613, -1.1609195402298853], [-1.1881188118811883, -0.8416666666666666], [-0.8316831683168315, -1.2023809523809526], [-1.217821782178218, -0.8211382113821137], [-0.8019801980198018, -1.2469135802469138], [-1.2475247524752477, -0.8015873015873014], [-1.2772277227722775, -0.7829457364341084], [-0.772277227722773, -1.2948717948717938], [-1.3069306930693072, -0.765151515151515], [-1.336633663366337, -0.748148148148148], [-0.7425742574257432, -1.3466666666666656], [-1.3663366336633667, -0.7318840579710143], [-1.3960396039603964, -0.7163120567375885], [-0.7128712871287135, -1.4027777777777766], [-1.4257425742574261, -0.7013888888888887], [-1.4554455445544559, -0.6870748299319726], [-0.6831683168316838, -1.4637681159420277], [-1.4851485148514856, -0.6733333333333331], [-1.5148514851485153, -0.6601307189542481], [-0.653465346534654, -1.530303030303029], [-1.544554455445545, -0.6474358974358972], [-1.5742574257425748, -0.6352201257861633], [-0.6237623762376243, -1.6031746031746017], [-1.6039603960396045, -0.6234567901234566], [-1.6336633663366342, -0.612121212121212], [-1.663366336633664, -0.6011904761904759], [-0.5940594059405946, -1.6833333333333318], [-1.6930693069306937, -0.590643274853801], [-1.7227722772277225, -0.5804597701149427], [-1.7524752475247523, -0.5706214689265537], [-0.5643564356435649, -1.771929824561402], [-1.782178217821782, -0.5611111111111112], [-1.8118811881188117, -0.551912568306011], [-1.8415841584158414, -0.5430107526881721], [-0.5346534653465351, -1.8703703703703687], [-1.8712871287128712, -0.5343915343915344], [-1.900990099009901, -0.5260416666666667], [-1.9306930693069306, -0.517948717948718], [-1.9603960396039604, -0.51010101010101], [-0.5049504950495054, -1.9803921568627434], [-1.99009900990099, -0.5024875621890548], [-2.01980198019802, -0.4950980392156863], [-2.0495049504950495, -0.48792270531400966], [-2.0792079207920793, -0.4809523809523809], [-0.47524752475247567, -2.1041666666666647], [-2.108910891089109, -0.4741784037558685], [-2.1386138613861387, -0.46759259259259256], [-2.1683168316831685, -0.4611872146118721], [-2.198019801980198, -0.4549549549549549], [-2.227722772277228, -0.44888888888888884], [-0.44554455445544594, -2.2444444444444422], [-2.2574257425742577, -0.4429824561403508], [-2.2871287128712874, -0.4372294372294372], [-2.316831683168317, -0.4316239316239316], [-2.346534653465347, -0.4261603375527426], [-2.3762376237623766, -0.4208333333333333], [-0.4158415841584162, -2.4047619047619024], [-2.4059405940594063, -0.41563786008230447], [-2.435643564356436, -0.41056910569105687], [-2.4653465346534653, -0.40562248995983935], [-2.495049504950495, -0.4007936507936508], [-2.5247524752475248, -0.396078431372549], [-2.5544554455445545, -0.39147286821705424], [-2.5841584158415842, -0.38697318007662834], [-0.3861386138613865, -2.5897435897435876], [-2.613861386138614, -0.38257575757575757], [-2.6435643564356437, -0.3782771535580524], [-2.6732673267326734, -0.37407407407407406], [-2.702970297029703, -0.3699633699633699], [-2.732673267326733, -0.3659420289855072], [-2.7623762376237626, -0.36200716845878134], [-2.7920792079207923, -0.3581560283687943], [-0.35643564356435675, -2.805555555555553], [-2.821782178217822, -0.3543859649122807], [-2.851485148514852, -0.3506944444444444], [-2.8811881188118815, -0.3470790378006872], [-2.910891089108911, -0.3435374149659864], [-2.9405940594059405, -0.3400673400673401], [-2.9702970297029703, -0.33666666666666667], [-3.0, -0.3333333333333333]]}, {"w": [0.0, 0.0], "kind": "saddle", "value": 0.5, "sharpness": 1.0, "members": null}],
  value(w) {
    const p0 = w[0];
    const p1 = w[1];
    return (1/2)*((p0*p1 - 1)*(p0*p1 - 1));
  },
  gradient(w, out) {
    const p0 = w[0];
    const p1 = w[1];
    const t0 = p0*p1 - 1;
    out[0] = p1*t0;
    out[1] = p0*t0;
    return out;
  },
  gradients(n, x, y, gx, gy) {
    for (let i = 0; i < n; i += 1) {
      const p0 = x[i];
      const p1 = y[i];
      const t0 = p0*p1 - 1;
      gx[i] = p1*t0;
      gy[i] = p0*t0;
    }
  },
  hessian(w, out) {
    const p0 = w[0];
    const p1 = w[1];
    const t0 = 2*p0*p1 - 1;
    out[0] = (p1*p1);
    out[1] = t0;
    out[2] = t0;
    out[3] = (p0*p0);
    return out;
  },
  advance: [
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = p0*p1 - 1;
      h0 = p1*t0;
      h1 = p0*t0;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = p0*p1 - 1;
      h0 = p1*t0;
      h1 = p0*t0;
      }
      const g0 = h0, g1 = h1;
      const r = reach(1, rho, u, v, g0, g1);
      const a = u + r*along(1, u, g0), b = v + r*along(1, v, g1);
      {
      const p0 = a;
      const p1 = b;
      const t0 = p0*p1 - 1;
      h0 = p1*t0;
      h1 = p0*t0;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = p0*p1 - 1;
      h0 = p1*t0;
      h1 = p0*t0;
      }
      const g0 = h0, g1 = h1;
      const r = reach(2, rho, u, v, g0, g1);
      const a = u + r*along(2, u, g0), b = v + r*along(2, v, g1);
      {
      const p0 = a;
      const p1 = b;
      const t0 = p0*p1 - 1;
      h0 = p1*t0;
      h1 = p0*t0;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = p0*p1 - 1;
      h0 = p1*t0;
      h1 = p0*t0;
      }
      const g0 = h0, g1 = h1;
      const r = reach(3, rho, u, v, g0, g1);
      const a = u + r*along(3, u, g0), b = v + r*along(3, v, g1);
      {
      const p0 = a;
      const p1 = b;
      const t0 = p0*p1 - 1;
      h0 = p1*t0;
      h1 = p0*t0;
      }
      const f = ratio(g0, g1, h0, h1);
      h0 *= f;
      h1 *= f;
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
    (eta, rho, n, x, y, w, at, row) => {
    for (let i = 0; i < n; i += 1) {
      const u = x[i], v = y[i];
      let h0, h1;
      {
      const p0 = u;
      const p1 = v;
      const t0 = p0*p1 - 1;
      h0 = p1*t0;
      h1 = p0*t0;
      }
      const g0 = h0, g1 = h1;
      const r = reach(4, rho, u, v, g0, g1);
      const a = u + r*along(4, u, g0), b = v + r*along(4, v, g1);
      {
      const p0 = a;
      const p1 = b;
      const t0 = p0*p1 - 1;
      h0 = p1*t0;
      h1 = p0*t0;
      }
      const p = u - eta*h0, q = v - eta*h1;
      x[i] = p;
      y[i] = q;
      w[at] = p;
      w[at + 1] = q;
      at += row;
    }
    },
  ],
  glsl: "float value(vec2 w) {\n  float p0 = w.x;\n  float p1 = w.y;\n  return (1.0/2.0)*((p0*p1 - 1.0)*(p0*p1 - 1.0));\n}\nvec2 gradient(vec2 w) {\n  float p0 = w.x;\n  float p1 = w.y;\n  float t0 = p0*p1 - 1.0;\n  return vec2(p1*t0, p0*t0);\n}\n",
},
};
